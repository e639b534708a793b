package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordRequest;
import io.metcd.api.etcdserverpb.AuthUserChangePasswordResponse;
import io.metcd.api.etcdserverpb.AuthUserDeleteRequest;
import io.metcd.api.etcdserverpb.AuthUserDeleteResponse;
import io.metcd.api.etcdserverpb.AuthUserListRequest;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.server.ServerOptions;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.auth.Seal;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users whose tokens are signed, with the answers of a real etcd. */
class SignedAuthTest {
    private static final Status OLD = new Status(Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old");
    private static final Status NO_TOKEN = new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token");

    private Etcd etcd;
    private Accounts accounts;

    @BeforeEach
    void start() throws GeneralSecurityException {
        Seal seal = Seal.of("HS256", "secret".getBytes(StandardCharsets.US_ASCII));
        etcd = Etcd.start(ServerOptions.port(0).withAuth(AuthOptions.signed(4, seal, Duration.ofMinutes(5))));
        accounts = new Accounts(etcd.client());
        accounts.enable();
        accounts.addUserWithRole("u");
        accounts.permit("u", Permission.Type.READWRITE, "a", "");
    }

    @AfterEach
    void stop() {
        etcd.close();
    }

    /** contract: auth.token.5 */
    @Test
    void aSignedTokenIsGoodUntilUsersOrRolesChange() {
        Map<String, String> user = accounts.login("u");
        assertThat(put(user)).isEqualTo(Status.OK);
        assertThat(range(user)).isEqualTo(Status.OK);

        accounts.addUser("another");

        assertThat(put(user)).isEqualTo(OLD);
        assertThat(range(user)).isEqualTo(OLD);
        assertThat(put(accounts.login("u"))).isEqualTo(Status.OK);
    }

    /** contract: auth.token.5, auth.check.4 */
    @Test
    void administrationDoesNotMindAnOldToken() {
        Map<String, String> root = accounts.root();

        accounts.addUser("one");
        accounts.addUser("two");

        assertThat(etcd.client()
                        .failure("etcdserverpb.KV/Range", rangeRequest("a").build(), root))
                .isEqualTo(OLD);
    }

    /** contract: auth.token.5 */
    @Test
    void aNewPasswordEndsTheSignedTokensAlsoOfRoot() {
        accounts.addUser("operator");
        accounts.grantRole("operator", "root");
        Map<String, String> operator = accounts.login("operator");
        Map<String, String> user = accounts.login("u");
        assertThat(users(operator)).isEqualTo(Status.OK);

        accounts.call(
                "UserChangePassword",
                AuthUserChangePasswordRequest.newBuilder()
                        .setName("operator")
                        .setPassword("another")
                        .build(),
                AuthUserChangePasswordResponse.parser());
        accounts.call(
                "UserDelete", AuthUserDeleteRequest.newBuilder().setName("u").build(), AuthUserDeleteResponse.parser());

        assertThat(users(operator)).isEqualTo(NO_TOKEN);
        assertThat(members(user)).isEqualTo(NO_TOKEN);
        assertThat(users(Accounts.with(accounts.token("operator", "another")))).isEqualTo(Status.OK);
    }

    /** contract: auth.token.2 */
    @Test
    void whatIsNotSignedIsNoToken() {
        assertThat(range(Accounts.with("bogus"))).isEqualTo(NO_TOKEN);
        assertThat(range(Map.of()).text()).isEqualTo("etcdserver: user name is empty");
    }

    private Status users(Map<String, String> headers) {
        return etcd.client().failure("etcdserverpb.Auth/UserList", AuthUserListRequest.getDefaultInstance(), headers);
    }

    private Status members(Map<String, String> headers) {
        return etcd.client()
                .failure("etcdserverpb.Cluster/MemberList", MemberListRequest.getDefaultInstance(), headers);
    }

    private Status put(Map<String, String> headers) {
        return etcd.client().failure("etcdserverpb.KV/Put", putRequest("a", "1").build(), headers);
    }

    private Status range(Map<String, String> headers) {
        return etcd.client().failure("etcdserverpb.KV/Range", rangeRequest("a").build(), headers);
    }
}
