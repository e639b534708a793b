package io.metcd.server.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.metcd.api.authpb.Permission;
import io.metcd.api.authpb.UserAddOptions;
import io.metcd.api.etcdserverpb.AuthDisableRequest;
import io.metcd.api.etcdserverpb.AuthDisableResponse;
import io.metcd.api.etcdserverpb.AuthEnableRequest;
import io.metcd.api.etcdserverpb.AuthEnableResponse;
import io.metcd.api.etcdserverpb.AuthRoleAddRequest;
import io.metcd.api.etcdserverpb.AuthRoleAddResponse;
import io.metcd.api.etcdserverpb.AuthRoleGrantPermissionRequest;
import io.metcd.api.etcdserverpb.AuthRoleGrantPermissionResponse;
import io.metcd.api.etcdserverpb.AuthUserAddRequest;
import io.metcd.api.etcdserverpb.AuthUserAddResponse;
import io.metcd.api.etcdserverpb.AuthUserGrantRoleRequest;
import io.metcd.api.etcdserverpb.AuthUserGrantRoleResponse;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.AuthenticateResponse;
import io.metcd.server.rpc.Status;
import java.util.Map;

/** Users of a server in few words. The password of each is its name. */
public final class Accounts {
    private static final String AUTH = "etcdserverpb.Auth/";

    private final GrpcClient client;
    private Map<String, String> root = Map.of();

    public Accounts(GrpcClient client) {
        this.client = client;
    }

    /** What a caller with a token sends. */
    public static Map<String, String> with(String token) {
        return Map.of("token", token);
    }

    /** Makes root, and asks everybody for a name from then on. */
    public void enable() {
        addUser("root");
        grantRole("root", "root");
        call("AuthEnable", AuthEnableRequest.getDefaultInstance(), AuthEnableResponse.parser());
        root = login("root");
    }

    public void disable() {
        call("AuthDisable", AuthDisableRequest.getDefaultInstance(), AuthDisableResponse.parser());
        root = Map.of();
    }

    /** The headers of root, none while nobody is asked. */
    public Map<String, String> root() {
        return root;
    }

    /** The headers of a user that has just logged in. */
    public Map<String, String> login(String user) {
        return with(token(user, user));
    }

    public String token(String user, String password) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(user)
                .setPassword(password)
                .build();
        return client.call(AUTH + "Authenticate", request, AuthenticateResponse.parser())
                .getToken();
    }

    public void addUser(String name) {
        AuthUserAddRequest request =
                AuthUserAddRequest.newBuilder().setName(name).setPassword(name).build();
        call("UserAdd", request, AuthUserAddResponse.parser());
    }

    public void addUserWithoutPassword(String name) {
        AuthUserAddRequest request = AuthUserAddRequest.newBuilder()
                .setName(name)
                .setOptions(UserAddOptions.newBuilder().setNoPassword(true))
                .build();
        call("UserAdd", request, AuthUserAddResponse.parser());
    }

    /** A user with one role of its name, which may be given permissions. */
    public void addUserWithRole(String name) {
        addUser(name);
        call("RoleAdd", AuthRoleAddRequest.newBuilder().setName(name).build(), AuthRoleAddResponse.parser());
        grantRole(name, name);
    }

    public void grantRole(String user, String role) {
        AuthUserGrantRoleRequest request = AuthUserGrantRoleRequest.newBuilder()
                .setUser(user)
                .setRole(role)
                .build();
        call("UserGrantRole", request, AuthUserGrantRoleResponse.parser());
    }

    public void permit(String role, Permission.Type type, String key, String end) {
        permit(role, type, Etcd.bytes(key), Etcd.bytes(end));
    }

    public void permit(String role, Permission.Type type, ByteString key, ByteString end) {
        Permission permission = Permission.newBuilder()
                .setPermType(type)
                .setKey(key)
                .setRangeEnd(end)
                .build();
        AuthRoleGrantPermissionRequest request = AuthRoleGrantPermissionRequest.newBuilder()
                .setName(role)
                .setPerm(permission)
                .build();
        call("RoleGrantPermission", request, AuthRoleGrantPermissionResponse.parser());
    }

    /** As root; the method is one of the service Auth. */
    public <R> R call(String method, MessageLite request, Parser<R> parser) {
        return client.call(AUTH + method, request, parser, root);
    }

    /** As root. */
    public Status failure(String method, MessageLite request) {
        return client.failure(AUTH + method, request, root);
    }
}
