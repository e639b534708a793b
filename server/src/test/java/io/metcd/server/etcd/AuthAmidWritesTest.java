package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Users and roles change while root writes. */
class AuthAmidWritesTest {
    private static final Status OLD = new Status(Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old");
    private static final int RETRIES = 20;

    /** contract: auth.check.5 */
    @Test
    void withASimpleTokenItIsEnoughToTryAgain() throws InterruptedException {
        AuthOptions options = AuthOptions.simple(4, Duration.ofMinutes(5));
        try (Etcd etcd = Etcd.start(ServerOptions.port(0).withAuth(options))) {
            Accounts accounts = new Accounts(etcd.client());
            accounts.enable();
            Map<String, String> root = accounts.login("root");

            assertThat(amidChanges(accounts, () -> put(etcd, root))).containsOnly(Status.OK);
            assertThat(put(etcd, root)).isEqualTo(Status.OK);
        }
    }

    /** contract: auth.check.5, auth.token.5 */
    @Test
    void withASignedTokenItTakesAFreshOne() throws InterruptedException, GeneralSecurityException {
        Seal seal = Seal.of("HS256", "secret".getBytes(StandardCharsets.US_ASCII));
        AuthOptions options = AuthOptions.signed(4, seal, Duration.ofMinutes(5));
        try (Etcd etcd = Etcd.start(ServerOptions.port(0).withAuth(options))) {
            Accounts accounts = new Accounts(etcd.client());
            accounts.enable();
            Map<String, String> first = accounts.login("root");

            List<Status> seen = amidChanges(accounts, () -> put(etcd, accounts.login("root")));

            assertThat(put(etcd, first)).isEqualTo(OLD);
            assertThat(seen).containsOnly(Status.OK);
        }
    }

    private interface Write {
        Status once();
    }

    /** What a hundred writes came to while users were added as fast as that goes. */
    private static List<Status> amidChanges(Accounts accounts, Write write) throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread changing = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                accounts.addUserWithRole("user" + i);
            }
        });
        changing.start();
        List<Status> seen = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                seen.add(triedAgain(write));
            }
        } finally {
            stop.set(true);
            changing.join();
        }
        return seen;
    }

    /** As clients of etcd do, who can lose the race more than once. */
    private static Status triedAgain(Write write) {
        Status status = write.once();
        for (int retries = 0; status.equals(OLD) && retries < RETRIES; retries++) {
            status = write.once();
        }
        return status;
    }

    private static Status put(Etcd etcd, Map<String, String> headers) {
        return etcd.client().failure("etcdserverpb.KV/Put", putRequest("k", "v").build(), headers);
    }
}
