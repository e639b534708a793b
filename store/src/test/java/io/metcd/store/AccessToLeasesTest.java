package io.metcd.store;

import static io.metcd.store.TestClient.bytes;
import static io.metcd.store.TestClient.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.auth.AuthState;
import io.metcd.store.auth.Caller;
import io.metcd.store.auth.Permission;
import io.metcd.store.auth.Role;
import io.metcd.store.auth.User;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Refusal;
import io.metcd.store.lease.LeaseKeys;
import io.metcd.store.lease.LeaseState;
import io.metcd.store.lease.Leases;
import io.metcd.store.lease.LeasesEditor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is asked of a lease with many keys (contract: auth.check.3): the replica does nothing else meanwhile. */
class AccessToLeasesTest {
    private static final int KEYS = 10_000;
    private static final int LEASES = 10;
    private static final Op.Put PUT = Op.Put.of(bytes("p/new"), Bytes.EMPTY).withLease(1);

    private final AuthState auth = AuthState.OFF
            .with(new AuthState.Switch(true, 1, 0))
            .with(new Role(
                    "r",
                    List.of(
                            new Permission(Permission.READWRITE, range("p/", "p/005000")),
                            new Permission(Permission.WRITE, range("p/005000", "p0")))))
            .with(user("ann", "r"))
            .with(user("bob", "root"))
            .with(user("eve", "other"));

    private final Counted leases = new Counted();

    @Test
    void aRangeThatIsGrantedIsAskedForOnce() {
        assertThat(access("ann").command(PUT)).isEmpty();
        assertThat(leases.looked).isLessThanOrEqualTo(3);
    }

    @Test
    void aTransactionAsksForItsLeaseOnce() {
        Op.Txn txn = new Op.Txn(List.of(), Collections.nCopies(100, PUT), Collections.nCopies(100, PUT));

        assertThat(access("ann").command(txn)).isEmpty();
        assertThat(leases.looked).isLessThanOrEqualTo(3);
        assertThat(access("eve").command(txn)).contains(Refusal.PERMISSION_DENIED);
    }

    @Test
    void rootIsAskedForNoKeys() {
        assertThat(access("bob").command(PUT)).isEmpty();
        assertThat(leases.looked).isEqualTo(1);
    }

    @Test
    void theFirstKeyThatIsNotGrantedEndsIt() {
        assertThat(access("eve").lease(1)).contains(Refusal.PERMISSION_DENIED);
        assertThat(access("ann").keysOfLease(1)).contains(Refusal.PERMISSION_DENIED);
        assertThat(leases.looked).isLessThanOrEqualTo(3);
    }

    @Test
    void aLeaseIsPassedOverWithItsKeys() {
        assertThat(access("bob").keysOfAllLeases()).isEmpty();
        assertThat(access("ann").keysOfAllLeases()).contains(Refusal.PERMISSION_DENIED);
        assertThat(leases.looked).isLessThanOrEqualTo(4 * LEASES);
    }

    @Test
    void keysThatAreNamedAreAskedForAlike() {
        List<Bytes> keys = List.of(bytes("p/000001"), bytes("p/000002"), bytes("p/004999"));

        assertThat(access("ann").keysForReading(keys)).isEmpty();
        assertThat(access("ann").keysForReading(List.of(bytes("p/000001"), bytes("p/005000"))))
                .contains(Refusal.PERMISSION_DENIED);
        assertThat(access("eve").keysForReading(List.of())).isEmpty();
    }

    private Access access(String user) {
        return new Access(auth, new Caller(user, 1), leases);
    }

    private static User user(String name, String role) {
        return new User(name, new User.Credential("", true, 0), List.of(role));
    }

    /** Leases of which the first has all keys but a few, and how often somebody looked at them. */
    private static final class Counted implements LeaseKeys {
        private final Leases leases = filled();
        private int looked;

        private static Leases filled() {
            LeasesEditor editor = Leases.EMPTY.edit();
            for (long lease = 1; lease <= LEASES; lease++) {
                editor.grant(new LeaseState(lease, 60));
            }
            List<Bytes> keys = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                keys.add(bytes(String.format(java.util.Locale.ROOT, "p/%06d", i)));
            }
            keys.forEach(key -> editor.move(key, 0, 1));
            for (long lease = 2; lease <= LEASES; lease++) {
                editor.move(bytes("p/of/" + lease), 0, lease);
            }
            return editor.freeze();
        }

        @Override
        public Optional<Bytes> keyFrom(long id, Bytes least) {
            looked++;
            return leases.keyFrom(id, least);
        }

        @Override
        public OptionalLong leaseFrom(long least) {
            looked++;
            return leases.leaseFrom(least);
        }
    }
}
