package io.metcd.server.etcd;

import com.google.protobuf.MessageLite;
import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.AuthDisableRequest;
import io.metcd.api.etcdserverpb.AuthDisableResponse;
import io.metcd.api.etcdserverpb.AuthEnableRequest;
import io.metcd.api.etcdserverpb.AuthEnableResponse;
import io.metcd.api.etcdserverpb.AuthRoleAddRequest;
import io.metcd.api.etcdserverpb.AuthRoleAddResponse;
import io.metcd.api.etcdserverpb.AuthRoleDeleteRequest;
import io.metcd.api.etcdserverpb.AuthRoleDeleteResponse;
import io.metcd.api.etcdserverpb.AuthRoleGetRequest;
import io.metcd.api.etcdserverpb.AuthRoleGetResponse;
import io.metcd.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.metcd.api.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.metcd.api.etcdserverpb.AuthRoleListRequest;
import io.metcd.api.etcdserverpb.AuthRoleListResponse;
import io.metcd.api.etcdserverpb.AuthRoleRevokePermissionRequest;
import io.metcd.api.etcdserverpb.AuthRoleRevokePermissionResponse;
import io.metcd.api.etcdserverpb.AuthStatusRequest;
import io.metcd.api.etcdserverpb.AuthStatusResponse;
import io.metcd.api.etcdserverpb.AuthUserAddRequest;
import io.metcd.api.etcdserverpb.AuthUserAddResponse;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordResponse;
import io.metcd.api.etcdserverpb.AuthUserDeleteRequest;
import io.metcd.api.etcdserverpb.AuthUserDeleteResponse;
import io.metcd.api.etcdserverpb.AuthUserGetRequest;
import io.metcd.api.etcdserverpb.AuthUserGetResponse;
import io.metcd.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.metcd.api.etcdserverpb.AuthUserGrantRoleResponse;
import io.metcd.api.etcdserverpb.AuthUserListRequest;
import io.metcd.api.etcdserverpb.AuthUserListResponse;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleResponse;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.server.auth.Passwords;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.store.Access;
import io.metcd.store.Root;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.command.AuthCommand;
import io.metcd.store.kv.KeyRange;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** etcdserverpb.Auth. A password is hashed here, before anything is proposed. */
final class AuthService {
    private static final Logger LOG = LoggerFactory.getLogger(AuthService.class);

    /** What the role root may, whatever was granted to it. */
    private static final Permission EVERYTHING = Permission.newBuilder()
            .setPermType(Permission.Type.READWRITE)
            .setRangeEnd(Strings.of(KeyRange.OPEN_END))
            .build();

    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Headers headers;
    private final Passwords passwords;
    private final Authentication authentication;

    AuthService(ReplicaBridge replica, Doorman doorman, Headers headers, Authentication authentication) {
        this.replica = replica;
        this.doorman = doorman;
        this.headers = headers;
        this.passwords = authentication.passwords();
        this.authentication = authentication;
    }

    void register(Registry registry) {
        registry.open()
                .unary("Authenticate", AuthenticateRequest.parser(), authentication::authenticate)
                .and()
                .root()
                .unary("AuthEnable", AuthEnableRequest.parser(), this::enable)
                .unary("AuthDisable", AuthDisableRequest.parser(), this::disable)
                .unary("AuthStatus", AuthStatusRequest.parser(), this::status)
                .unary("UserAdd", AuthUserAddRequest.parser(), this::userAdd)
                .unary("UserList", AuthUserListRequest.parser(), this::userList)
                .unary("UserDelete", AuthUserDeleteRequest.parser(), this::userDelete)
                .unary("UserChangePassword", AuthUserChangePasswordRequest.parser(), this::userChangePassword)
                .unary("UserGrantRole", AuthUserGrantRoleRequest.parser(), this::userGrantRole)
                .unary("UserRevokeRole", AuthUserRevokeRoleRequest.parser(), this::userRevokeRole)
                .unary("RoleAdd", AuthRoleAddRequest.parser(), this::roleAdd)
                .unary("RoleList", AuthRoleListRequest.parser(), this::roleList)
                .unary("RoleDelete", AuthRoleDeleteRequest.parser(), this::roleDelete)
                .unary("RoleGrantPermission", AuthRoleGrantPermissionRequest.parser(), this::roleGrant)
                .unary("RoleRevokePermission", AuthRoleRevokePermissionRequest.parser(), this::roleRevoke)
                .and()
                .byRequest()
                .unary("UserGet", AuthUserGetRequest.parser(), this::userGet)
                .unary("RoleGet", AuthRoleGetRequest.parser(), this::roleGet);
    }

    private void enable(Call call, AuthEnableRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.Enable(),
                reply,
                header -> AuthEnableResponse.newBuilder().setHeader(header).build());
    }

    private void disable(Call call, AuthDisableRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.Disable(),
                reply,
                header -> AuthDisableResponse.newBuilder().setHeader(header).build());
    }

    private void status(Call call, AuthStatusRequest request, Reply reply) {
        list(
                call,
                reply,
                root -> AuthStatusResponse.newBuilder()
                        .setHeader(headers.at(root.revision()))
                        .setEnabled(root.auth().enabled())
                        .setAuthRevision(root.auth().revision())
                        .build());
    }

    private void userAdd(Call call, AuthUserAddRequest request, Reply reply) {
        boolean noPassword = request.hasOptions() && request.getOptions().getNoPassword();
        String name = request.getName();
        if (request.getNameBytes().size() > Limits.NAME_BYTES_MAX) {
            reply.fail(Errors.REQUEST_TOO_LARGE);
            return;
        }
        Consumer<String> add = hash -> change(
                call,
                new AuthCommand.UserAdd(name, hash, noPassword),
                reply,
                header -> AuthUserAddResponse.newBuilder().setHeader(header).build());
        if (noPassword) {
            add.accept("");
        } else {
            hashed(name, request.getPassword(), add, reply);
        }
    }

    private void userChangePassword(Call call, AuthUserChangePasswordRequest request, Reply reply) {
        String name = request.getName();
        hashed(
                name,
                request.getPassword(),
                hash -> change(
                        call,
                        new AuthCommand.UserChangePassword(name, hash),
                        reply,
                        header -> AuthUserChangePasswordResponse.newBuilder()
                                .setHeader(header)
                                .build()),
                reply);
    }

    /** Goes on with the hash, on the loop. */
    private void hashed(String user, String password, Consumer<String> then, Reply reply) {
        if (!Passwords.fits(password)) {
            reply.fail(Errors.PASSWORD_TOO_LONG);
            return;
        }
        if (password.isEmpty()) {
            LOG.warn("user={}: its password is empty, so anybody who knows the name can be it", user);
        }
        boolean taken = passwords.hash(password, hash -> replica.loop().execute(() -> then.accept(hash)));
        if (!taken) {
            reply.fail(Errors.TOO_MANY_REQUESTS);
        }
    }

    private void userGet(Call call, AuthUserGetRequest request, Reply reply) {
        doorman.read(
                call,
                access -> access.seeUser(request.getName()),
                root -> root.auth()
                        .user(request.getName())
                        .ifPresentOrElse(
                                user -> reply.send(Payload.of(AuthUserGetResponse.newBuilder()
                                        .setHeader(headers.at(root.revision()))
                                        .addAllRoles(user.roles())
                                        .build())),
                                () -> reply.fail(Errors.USER_NOT_FOUND)),
                reply::fail);
    }

    private void userList(Call call, AuthUserListRequest request, Reply reply) {
        list(
                call,
                reply,
                root -> AuthUserListResponse.newBuilder()
                        .setHeader(headers.at(root.revision()))
                        .addAllUsers(
                                root.auth().users().stream().map(User::name).toList())
                        .build());
    }

    private void userDelete(Call call, AuthUserDeleteRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.UserDelete(request.getName()),
                reply,
                header -> AuthUserDeleteResponse.newBuilder().setHeader(header).build());
    }

    private void userGrantRole(Call call, AuthUserGrantRoleRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.UserGrantRole(request.getUser(), request.getRole()),
                reply,
                header ->
                        AuthUserGrantRoleResponse.newBuilder().setHeader(header).build());
    }

    private void userRevokeRole(Call call, AuthUserRevokeRoleRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.UserRevokeRole(request.getName(), request.getRole()),
                reply,
                header -> AuthUserRevokeRoleResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    private void roleAdd(Call call, AuthRoleAddRequest request, Reply reply) {
        if (request.getNameBytes().size() > Limits.NAME_BYTES_MAX) {
            reply.fail(Errors.REQUEST_TOO_LARGE);
            return;
        }
        change(
                call,
                new AuthCommand.RoleAdd(request.getName()),
                reply,
                header -> AuthRoleAddResponse.newBuilder().setHeader(header).build());
    }

    private void roleGet(Call call, AuthRoleGetRequest request, Reply reply) {
        doorman.read(
                call,
                access -> access.seeRole(request.getRole()),
                root -> root.auth()
                        .role(request.getRole())
                        .ifPresentOrElse(
                                role -> reply.send(Payload.of(AuthRoleGetResponse.newBuilder()
                                        .setHeader(headers.at(root.revision()))
                                        .addAllPerm(permissions(role))
                                        .build())),
                                () -> reply.fail(Errors.ROLE_NOT_FOUND)),
                reply::fail);
    }

    private void roleList(Call call, AuthRoleListRequest request, Reply reply) {
        list(
                call,
                reply,
                root -> AuthRoleListResponse.newBuilder()
                        .setHeader(headers.at(root.revision()))
                        .addAllRoles(
                                root.auth().roles().stream().map(Role::name).toList())
                        .build());
    }

    private void roleDelete(Call call, AuthRoleDeleteRequest request, Reply reply) {
        change(
                call,
                new AuthCommand.RoleDelete(request.getRole()),
                reply,
                header -> AuthRoleDeleteResponse.newBuilder().setHeader(header).build());
    }

    private void roleGrant(Call call, AuthRoleGrantPermissionRequest request, Reply reply) {
        if (!request.hasPerm()) {
            reply.fail(Errors.PERMISSION_NOT_GIVEN);
            return;
        }
        Permission wanted = request.getPerm();
        KeyRange range = new KeyRange(Strings.of(wanted.getKey()), Strings.of(wanted.getRangeEnd()));
        change(
                call,
                new AuthCommand.RoleGrant(
                        request.getName(), new io.metcd.store.auth.Permission(wanted.getPermTypeValue(), range)),
                reply,
                header -> AuthRoleGrantPermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    private void roleRevoke(Call call, AuthRoleRevokePermissionRequest request, Reply reply) {
        KeyRange range = new KeyRange(Strings.of(request.getKey()), Strings.of(request.getRangeEnd()));
        change(
                call,
                new AuthCommand.RoleRevoke(request.getRole(), range),
                reply,
                header -> AuthRoleRevokePermissionResponse.newBuilder()
                        .setHeader(header)
                        .build());
    }

    private static List<Permission> permissions(Role role) {
        if (role.name().equals(Role.ROOT)) {
            return List.of(EVERYTHING);
        }
        return role.permissions().stream()
                .map(permission -> Permission.newBuilder()
                        .setPermTypeValue(permission.type())
                        .setKey(Strings.of(permission.range().key()))
                        .setRangeEnd(Strings.of(permission.range().end()))
                        .build())
                .toList();
    }

    private void change(Call call, AuthCommand command, Reply reply, Function<ResponseHeader, MessageLite> response) {
        doorman.submit(
                call,
                command,
                result -> reply.send(Payload.of(response.apply(headers.at(result.revision())))),
                reply::fail);
    }

    /** Answers from a state with everything in it that was acknowledged before. */
    private void list(Call call, Reply reply, Function<Root, MessageLite> response) {
        doorman.read(call, Access::root, root -> reply.send(Payload.of(response.apply(root))), reply::fail);
    }
}
