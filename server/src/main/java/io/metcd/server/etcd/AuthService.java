package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.AuthStatusRequest;
import io.metcd.api.etcdserverpb.AuthStatusResponse;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.server.rpc.Payload;

/** etcdserverpb.Auth while there are no users yet: authentication is off, and says so as etcd does. */
final class AuthService {
    private final ReplicaBridge replica;
    private final Headers headers;

    AuthService(ReplicaBridge replica, Headers headers) {
        this.replica = replica;
        this.headers = headers;
    }

    void register(Registry registry) {
        registry.unary(
                        "Authenticate",
                        AuthenticateRequest.parser(),
                        (call, request, reply) -> reply.fail(Errors.AUTH_NOT_ENABLED))
                .unary(
                        "AuthStatus",
                        AuthStatusRequest.parser(),
                        (call, request, reply) -> reply.send(Payload.of(AuthStatusResponse.newBuilder()
                                .setHeader(headers.at(replica.root().revision()))
                                .setAuthRevision(1)
                                .build())))
                .unsupported(
                        "AuthEnable",
                        "AuthDisable",
                        "UserAdd",
                        "UserGet",
                        "UserList",
                        "UserDelete",
                        "UserChangePassword",
                        "UserGrantRole",
                        "UserRevokeRole",
                        "RoleAdd",
                        "RoleGet",
                        "RoleList",
                        "RoleDelete",
                        "RoleGrantPermission",
                        "RoleRevokePermission");
    }
}
