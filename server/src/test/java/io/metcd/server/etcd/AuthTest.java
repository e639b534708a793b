package io.metcd.server.etcd;

import static io.metcd.server.testing.Accounts.with;
import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.AuthDisableRequest;
import io.metcd.api.etcdserverpb.AuthDisableResponse;
import io.metcd.api.etcdserverpb.AuthEnableRequest;
import io.metcd.api.etcdserverpb.AuthEnableResponse;
import io.metcd.api.etcdserverpb.AuthRoleAddRequest;
import io.metcd.api.etcdserverpb.AuthRoleAddResponse;
import io.metcd.api.etcdserverpb.AuthRoleDeleteRequest;
import io.metcd.api.etcdserverpb.AuthRoleGetRequest;
import io.metcd.api.etcdserverpb.AuthRoleGetResponse;
import io.metcd.api.etcdserverpb.AuthRoleGrantPermissionRequest;
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
import io.metcd.api.etcdserverpb.AuthUserListRequest;
import io.metcd.api.etcdserverpb.AuthUserListResponse;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleRequest;
import io.metcd.api.etcdserverpb.AuthUserRevokeRoleResponse;
import io.metcd.api.etcdserverpb.AuthenticateRequest;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, roles and tokens. The texts and their order are those of an etcd 3.6.14. */
class AuthTest {
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final Status USER_EMPTY = invalid("etcdserver: user name is empty");
    private static final Status FAILED = invalid("etcdserver: authentication failed, invalid user ID or password");
    private static final Status INVALID_TOKEN = new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token");
    private static final Status DENIED = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
    private static final Status MANAGEMENT = invalid("etcdserver: invalid auth management");

    private Etcd etcd;
    private Accounts accounts;

    @BeforeEach
    void start() {
        etcd = Etcd.start(ServerOptions.port(0).withAuth(AuthOptions.simple(4, Duration.ofMinutes(5))));
        accounts = new Accounts(etcd.client());
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: auth.enable.1 */
    @Test
    void enablingNeedsRootWithTheRoleRoot() {
        AuthEnableRequest enable = AuthEnableRequest.getDefaultInstance();

        assertThat(accounts.failure("AuthEnable", enable))
                .isEqualTo(precondition("etcdserver: root user does not exist"));
        accounts.addUser("root");
        assertThat(accounts.failure("AuthEnable", enable))
                .isEqualTo(precondition("etcdserver: root user does not have root role"));
        accounts.grantRole("root", "root");
        accounts.call("AuthEnable", enable, AuthEnableResponse.parser());
        Map<String, String> root = accounts.login("root");

        assertThat(etcd.client().call("etcdserverpb.Auth/AuthEnable", enable, AuthEnableResponse.parser(), root))
                .isNotNull();
        assertThat(accounts.failure("AuthEnable", enable)).isEqualTo(USER_EMPTY);
    }

    /** contract: auth.enable.1, auth.token.1 */
    @Test
    void whileItIsOffThereAreNoTokens() {
        accounts.call("AuthDisable", AuthDisableRequest.getDefaultInstance(), AuthDisableResponse.parser());

        assertThat(login("root", "root")).isEqualTo(precondition("etcdserver: authentication is not enabled"));
        RangeResponse read =
                etcd.client().call(RANGE, rangeRequest("a").build(), RangeResponse.parser(), with("bogus"));
        assertThat(read.getCount()).isZero();
    }

    /** contract: auth.token.2 */
    @Test
    void whoCannotProveAnythingGetsNoToken() {
        accounts.enable();
        accounts.addUserWithoutPassword("cert");

        assertThat(login("root", "wrong")).isEqualTo(FAILED);
        assertThat(login("nobody", "root")).isEqualTo(FAILED);
        assertThat(login("", "")).isEqualTo(FAILED);
        assertThat(login("cert", ""))
                .isEqualTo(new Status(
                        Code.UNKNOWN, "auth: authentication failed, password was given for no password user"));
        assertThat(etcd.client().failure(RANGE, rangeRequest("a").build())).isEqualTo(USER_EMPTY);
        assertThat(readAs(with("bogus"))).isEqualTo(INVALID_TOKEN);
        assertThat(readAs(with("bogusbogusbogusb.5"))).isEqualTo(INVALID_TOKEN);
        assertThat(readAs(with("bogusbogusbogusb.99999999"))).isEqualTo(INVALID_TOKEN);
        assertThat(readAs(with(""))).isEqualTo(INVALID_TOKEN);
    }

    /** contract: wire.meta.3 */
    @Test
    void aTokenMayStandInEitherHeader() {
        accounts.enable();
        String token = accounts.token("root", "root");

        for (Map<String, String> headers : java.util.List.of(
                Map.of("token", token),
                Map.of("authorization", token),
                Map.of("authorization", "Bearer " + token),
                Map.of("token", token, "authorization", "bogus"))) {
            assertThat(readAs(headers)).as("%s", headers.keySet()).isEqualTo(Status.OK);
        }
        assertThat(token).matches("[A-Za-z]{16}\\.[0-9]+");
    }

    /** contract: auth.manage.1 */
    @Test
    void eachMistakeHasItsText() {
        accounts.addUser("u");
        accounts.call("RoleAdd", roleAdd("r"), AuthRoleAddResponse.parser());

        assertRefused("UserAdd", userAdd("", "x"), USER_EMPTY);
        assertRefused("UserAdd", userAdd("u", "x"), precondition("etcdserver: user name already exists"));
        assertRefused(
                "UserAdd",
                userAdd("v", "x".repeat(73)),
                new Status(Code.UNKNOWN, "bcrypt: password length exceeds 72 bytes"));
        Status noUser = precondition("etcdserver: user name not found");
        Status noRole = precondition("etcdserver: role name not found");
        assertRefused("UserDelete", userDelete("x"), noUser);
        assertRefused("UserGet", userGet("x"), noUser);
        assertRefused("UserChangePassword", changePassword("x", "y"), noUser);
        assertRefused("UserGrantRole", grantRole("x", "x"), noUser);
        assertRefused("UserGrantRole", grantRole("u", "x"), noRole);
        assertRefused("UserRevokeRole", revokeRole("x", "r"), noUser);
        assertRefused(
                "UserRevokeRole", revokeRole("u", "r"), precondition("etcdserver: role is not granted to the user"));
        assertRefused("RoleAdd", roleAdd(""), invalid("etcdserver: role name is empty"));
        assertRefused("RoleAdd", roleAdd("r"), precondition("etcdserver: role name already exists"));
        assertRefused("RoleGet", roleGet("x"), noRole);
        assertRefused(
                "RoleDelete", AuthRoleDeleteRequest.newBuilder().setRole("x").build(), noRole);
        assertRefused(
                "RoleGrantPermission",
                AuthRoleGrantPermissionRequest.newBuilder().setName("x").build(),
                invalid("etcdserver: permission not given"));
        assertRefused("RoleGrantPermission", grant("x", "a", ""), noRole);
        assertRefused("RoleGrantPermission", grant("x", "", ""), MANAGEMENT);
        assertRefused("RoleGrantPermission", grant("r", "b", "b"), MANAGEMENT);
        assertRefused("RoleRevokePermission", revoke("x", "a", ""), noRole);
        assertRefused(
                "RoleRevokePermission",
                revoke("r", "a", ""),
                precondition("etcdserver: permission is not granted to the role"));
    }

    /** contract: auth.manage.2 */
    @Test
    void whileItIsOnRootStaysRoot() {
        accounts.enable();
        accounts.call("RoleAdd", roleAdd("root"), AuthRoleAddResponse.parser());

        assertRefused("UserDelete", userDelete("root"), MANAGEMENT);
        assertRefused("UserRevokeRole", revokeRole("root", "root"), MANAGEMENT);
        assertRefused(
                "RoleDelete", AuthRoleDeleteRequest.newBuilder().setRole("root").build(), MANAGEMENT);
    }

    /** contract: auth.manage.3 */
    @Test
    void usersDoNotMoveTheRevisionAndHaveOneOfTheirOwn() {
        long revision = etcd.put("a", "1").getHeader().getRevision();
        accounts.enable();
        AuthUserAddResponse added = accounts.call("UserAdd", userAdd("u", "u"), AuthUserAddResponse.parser());
        AuthStatusResponse before = status();
        accounts.call("RoleAdd", roleAdd("r"), AuthRoleAddResponse.parser());
        AuthStatusResponse after = status();

        assertThat(added.getHeader().getRevision()).isEqualTo(revision);
        assertThat(after.getHeader().getRevision()).isEqualTo(revision);
        assertThat(after.getEnabled()).isTrue();
        assertThat(before.getAuthRevision()).isEqualTo(4);
        assertThat(after.getAuthRevision()).isEqualTo(5);
    }

    /** contract: auth.manage.1 */
    @Test
    void usersAndRolesAreListedInOrder() {
        accounts.addUserWithRole("b");
        accounts.addUserWithRole("a");
        accounts.grantRole("a", "b");
        accounts.permit("a", Permission.Type.WRITE, "k2", "k3");
        accounts.permit("a", Permission.Type.READ, "k1", "");
        accounts.call("RoleAdd", roleAdd("root"), AuthRoleAddResponse.parser());

        assertThat(accounts.call("UserList", AuthUserListRequest.getDefaultInstance(), AuthUserListResponse.parser())
                        .getUsersList())
                .containsExactly("a", "b");
        assertThat(accounts.call("RoleList", AuthRoleListRequest.getDefaultInstance(), AuthRoleListResponse.parser())
                        .getRolesList())
                .containsExactly("a", "b", "root");
        assertThat(accounts.call("UserGet", userGet("a"), AuthUserGetResponse.parser())
                        .getRolesList())
                .containsExactly("a", "b");
        assertThat(accounts.call("RoleGet", roleGet("a"), AuthRoleGetResponse.parser())
                        .getPermList())
                .containsExactly(
                        permission(Permission.Type.READ, "k1", ""), permission(Permission.Type.WRITE, "k2", "k3"));
        assertThat(accounts.call("RoleGet", roleGet("root"), AuthRoleGetResponse.parser())
                        .getPermList())
                .containsExactly(permission(Permission.Type.READWRITE, "", "\0"));
    }

    /** contract: auth.check.4 */
    @Test
    void aUserSeesItselfAndItsRoles() {
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.addUserWithRole("v");
        Map<String, String> user = accounts.login("u");

        assertThat(etcd.client()
                        .call("etcdserverpb.Auth/UserGet", userGet("u"), AuthUserGetResponse.parser(), user)
                        .getRolesList())
                .containsExactly("u");
        etcd.client().call("etcdserverpb.Auth/RoleGet", roleGet("u"), AuthRoleGetResponse.parser(), user);
        assertThat(etcd.client().failure("etcdserverpb.Auth/UserGet", userGet("v"), user))
                .isEqualTo(DENIED);
        assertThat(etcd.client().failure("etcdserverpb.Auth/UserGet", userGet("none"), user))
                .isEqualTo(DENIED);
        assertThat(etcd.client().failure("etcdserverpb.Auth/RoleGet", roleGet("v"), user))
                .isEqualTo(DENIED);
    }

    /** contract: auth.manage.4 */
    @Test
    void whatIsTakenIsGoneWithTheNextRequest() {
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.permit("u", Permission.Type.READWRITE, "a", "");
        Map<String, String> user = accounts.login("u");
        assertThat(readAs(user)).isEqualTo(Status.OK);

        accounts.call("RoleRevokePermission", revoke("u", "a", ""), AuthRoleRevokePermissionResponse.parser());
        assertThat(readAs(user)).isEqualTo(DENIED);
        accounts.permit("u", Permission.Type.READWRITE, "a", "");
        assertThat(readAs(user)).isEqualTo(Status.OK);
        accounts.call("UserRevokeRole", revokeRole("u", "u"), AuthUserRevokeRoleResponse.parser());
        assertThat(readAs(user)).isEqualTo(DENIED);
        accounts.call("UserDelete", userDelete("u"), AuthUserDeleteResponse.parser());
        assertThat(readAs(user)).isEqualTo(INVALID_TOKEN);
    }

    /** contract: auth.token.3 */
    @Test
    void aNewPasswordEndsTheOldTokens() {
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.permit("u", Permission.Type.READ, "a", "");
        Map<String, String> old = accounts.login("u");

        accounts.call("UserChangePassword", changePassword("u", "new"), AuthUserChangePasswordResponse.parser());

        assertThat(readAs(old)).isEqualTo(INVALID_TOKEN);
        assertThat(login("u", "u")).isEqualTo(FAILED);
        assertThat(readAs(with(accounts.token("u", "new")))).isEqualTo(Status.OK);
    }

    /** contract: auth.token.3 */
    @Test
    void disablingEndsAllTokens() {
        accounts.enable();
        Map<String, String> root = accounts.root();

        accounts.disable();
        assertThat(readAs(root)).isEqualTo(Status.OK);
        accounts.call("AuthEnable", AuthEnableRequest.getDefaultInstance(), AuthEnableResponse.parser());

        assertThat(readAs(root)).isEqualTo(INVALID_TOKEN);
    }

    /** contract: auth.token.3 */
    @Test
    void aHashIsOneThatEtcdCanRead() {
        accounts.addUser("u");

        String hash = etcd.replica()
                .root()
                .auth()
                .user("u")
                .orElseThrow()
                .credential()
                .hash();

        assertThat(hash).startsWith("$2a$04$").hasSize(60);
    }

    /** contract: auth.token.2 */
    @Test
    void emptyPasswordsAndThoseOfSeventyTwoBytesAreTakenInFull() {
        accounts.enable();
        String longest = "x".repeat(71);
        accounts.call("UserAdd", userAdd("empty", ""), AuthUserAddResponse.parser());
        accounts.call("UserAdd", userAdd("long", longest + "1"), AuthUserAddResponse.parser());

        assertThat(accounts.token("empty", "")).isNotEmpty();
        assertThat(accounts.token("long", longest + "1")).isNotEmpty();
        assertThat(login("long", longest + "2")).isEqualTo(FAILED);
        assertThat(login("long", longest + "12")).isEqualTo(FAILED);
    }

    /** contract: auth.token.5 */
    @Test
    void whoTriesTooManyPasswordsHasToWait() {
        accounts.enable();
        Status last = FAILED;
        int tries = 0;
        while (last.equals(FAILED) && tries < 1000) {
            last = login("root", "guess " + tries++);
        }

        assertThat(last).isEqualTo(new Status(Code.UNKNOWN, "etcdserver: too many requests"));
        assertThat(tries).isBetween(100, 400);
    }

    /** contract: auth.check.5 */
    @Test
    void rootWritesWhileUsersChange() {
        accounts.enable();
        for (int i = 0; i < 20; i++) {
            accounts.addUserWithRole("u" + i);
            PutResponse put = etcd.client()
                    .call(
                            "etcdserverpb.KV/Put",
                            putRequest("a", "" + i).build(),
                            PutResponse.parser(),
                            accounts.root());
            assertThat(put.getHeader().getRevision()).isEqualTo(2 + i);
        }
    }

    private Status readAs(Map<String, String> headers) {
        return etcd.client().failure(RANGE, rangeRequest("a").build(), headers);
    }

    private Status login(String user, String password) {
        AuthenticateRequest request = AuthenticateRequest.newBuilder()
                .setName(user)
                .setPassword(password)
                .build();
        return etcd.client().failure("etcdserverpb.Auth/Authenticate", request);
    }

    private void assertRefused(String method, MessageLite request, Status expected) {
        assertThat(accounts.failure(method, request)).as(method).isEqualTo(expected);
    }

    private AuthStatusResponse status() {
        return accounts.call("AuthStatus", AuthStatusRequest.getDefaultInstance(), AuthStatusResponse.parser());
    }

    private static AuthUserAddRequest userAdd(String name, String password) {
        return AuthUserAddRequest.newBuilder()
                .setName(name)
                .setPassword(password)
                .build();
    }

    private static AuthUserDeleteRequest userDelete(String name) {
        return AuthUserDeleteRequest.newBuilder().setName(name).build();
    }

    private static AuthUserGetRequest userGet(String name) {
        return AuthUserGetRequest.newBuilder().setName(name).build();
    }

    private static AuthUserChangePasswordRequest changePassword(String name, String password) {
        return AuthUserChangePasswordRequest.newBuilder()
                .setName(name)
                .setPassword(password)
                .build();
    }

    private static AuthUserGrantRoleRequest grantRole(String user, String role) {
        return AuthUserGrantRoleRequest.newBuilder().setUser(user).setRole(role).build();
    }

    private static AuthUserRevokeRoleRequest revokeRole(String user, String role) {
        return AuthUserRevokeRoleRequest.newBuilder()
                .setName(user)
                .setRole(role)
                .build();
    }

    private static AuthRoleAddRequest roleAdd(String name) {
        return AuthRoleAddRequest.newBuilder().setName(name).build();
    }

    private static AuthRoleGetRequest roleGet(String name) {
        return AuthRoleGetRequest.newBuilder().setRole(name).build();
    }

    private static AuthRoleGrantPermissionRequest grant(String role, String key, String end) {
        return AuthRoleGrantPermissionRequest.newBuilder()
                .setName(role)
                .setPerm(permission(Permission.Type.READ, key, end))
                .build();
    }

    private static AuthRoleRevokePermissionRequest revoke(String role, String key, String end) {
        return AuthRoleRevokePermissionRequest.newBuilder()
                .setRole(role)
                .setKey(bytes(key))
                .setRangeEnd(bytes(end))
                .build();
    }

    private static Permission permission(Permission.Type type, String key, String end) {
        return Permission.newBuilder()
                .setPermType(type)
                .setKey(bytes(key))
                .setRangeEnd(bytes(end))
                .build();
    }

    private static Status invalid(String text) {
        return new Status(Code.INVALID_ARGUMENT, text);
    }

    private static Status precondition(String text) {
        return new Status(Code.FAILED_PRECONDITION, text);
    }
}
