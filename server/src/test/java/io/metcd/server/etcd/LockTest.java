package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.bytes;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.v3lockpb.LockRequest;
import io.metcd.api.v3lockpb.LockResponse;
import io.metcd.api.v3lockpb.UnlockRequest;
import io.metcd.api.v3lockpb.UnlockResponse;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcStream;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LockTest {
    private static final String LOCK = "v3lockpb.Lock/Lock";
    private static final String UNLOCK = "v3lockpb.Lock/Unlock";

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: lock.1, lock.2 */
    @Test
    void aFreeLockIsTakenAtOnceAndAgainByTheSameLease() {
        etcd.grant(0xabc, 60);

        LockResponse first = lock("free", 0xabc);
        LockResponse again = lock("free", 0xabc);

        assertThat(first.getKey()).isEqualTo(bytes("free/abc"));
        assertThat(again.getKey()).isEqualTo(first.getKey());
        assertThat(etcd.get("free/abc").getKvs(0).getLease()).isEqualTo(0xabc);
    }

    /** contract: lock.1 */
    @Test
    void theSecondWaitsUntilTheFirstUnlocks() {
        etcd.grant(1, 60);
        etcd.grant(2, 60);
        LockResponse held = lock("wait", 1);
        try (GrpcStream second = open("wait", 2)) {
            assertThat(second.poll(300)).isEmpty();

            unlock(held);

            LockResponse next = second.next(LockResponse.parser());
            assertThat(next.getKey()).isEqualTo(bytes("wait/2"));
            assertThat(next.getHeader().getRevision())
                    .isGreaterThan(held.getHeader().getRevision());
        }
    }

    /** contract: lock.5 */
    @Test
    void waitersGetTheLockInTheOrderInWhichTheyCame() {
        for (int i = 11; i <= 13; i++) {
            etcd.grant(i, 60);
        }
        LockResponse held = lock("queue", 11);
        try (GrpcStream second = open("queue", 12)) {
            assertThat(second.poll(200)).isEmpty();
            try (GrpcStream third = open("queue", 13)) {
                assertThat(third.poll(200)).isEmpty();

                etcd.revoke(11);

                LockResponse next = second.next(LockResponse.parser());
                assertThat(third.poll(200)).isEmpty();
                unlock(next);
                assertThat(third.next(LockResponse.parser()).getKey()).isEqualTo(bytes("queue/d"));
            }
        }
        assertThat(held.getKey()).isEqualTo(bytes("queue/b"));
    }

    /** contract: lock.3 */
    @Test
    void withoutALeaseOneIsMade() {
        LockResponse held = lock("own", 0);

        assertThat(etcd.get(held.getKey().toStringUtf8()).getKvs(0).getLease()).isPositive();
        unlock(held);
    }

    /** contract: lock.4 */
    @Test
    void aCallerThatGivesUpLeavesNoKey() {
        etcd.grant(21, 60);
        etcd.grant(22, 60);
        lock("given up", 21);
        GrpcStream waiting = open("given up", 22);
        assertThat(waiting.poll(300)).isEmpty();
        assertThat(etcd.get("given up/16").getCount()).isEqualTo(1);

        waiting.cancel();

        awaitGone("given up/16");
    }

    /** contract: lock.4, wire.timeout.3 */
    @Test
    void aCallerWhoseTimeIsOverLeavesNoKey() {
        etcd.grant(31, 60);
        etcd.grant(32, 60);
        lock("late", 31);
        LockRequest request =
                LockRequest.newBuilder().setName(bytes("late")).setLease(32).build();

        Status status = etcd.client().failure(LOCK, request, Map.of("grpc-timeout", "300m"));

        assertThat(status.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        awaitGone("late/20");
    }

    /** contract: lock.5 */
    @Test
    void aWaiterWhoseLeaseEndsHearsThatItsSessionExpired() {
        etcd.grant(41, 60);
        etcd.grant(42, 60);
        lock("expired", 41);
        try (GrpcStream waiting = open("expired", 42)) {
            assertThat(waiting.poll(300)).isEmpty();

            etcd.revoke(42);

            assertThat(waiting.status()).isEqualTo(new Status(Code.UNKNOWN, "mutex: session is expired"));
        }
    }

    /** contract: lock.7 */
    @Test
    void anUnknownLeaseIsReportedAsUnknown() {
        LockRequest request =
                LockRequest.newBuilder().setName(bytes("x")).setLease(404).build();

        assertThat(etcd.failure(LOCK, request))
                .isEqualTo(new Status(Code.UNKNOWN, "etcdserver: requested lease not found"));
    }

    /** contract: lock.6 */
    @Test
    void unlockingWhatIsNotLockedIsFine() {
        UnlockRequest request =
                UnlockRequest.newBuilder().setKey(bytes("never locked")).build();

        UnlockResponse response = etcd.client().call(UNLOCK, request, UnlockResponse.parser());

        assertThat(response.getHeader().getRevision()).isPositive();
    }

    private static void awaitGone(String key) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (etcd.range(rangeRequest(key).build()).getCount() > 0) {
            assertThat(System.nanoTime()).as("%s is still there", key).isLessThan(deadline);
        }
    }

    private static LockResponse lock(String name, long lease) {
        LockRequest request =
                LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build();
        return etcd.client().call(LOCK, request, LockResponse.parser());
    }

    private static GrpcStream open(String name, long lease) {
        GrpcStream stream = etcd.client().open(LOCK);
        stream.send(
                LockRequest.newBuilder().setName(bytes(name)).setLease(lease).build());
        stream.halfClose();
        return stream;
    }

    private static void unlock(LockResponse held) {
        UnlockRequest request = UnlockRequest.newBuilder().setKey(held.getKey()).build();
        etcd.client().call(UNLOCK, request, UnlockResponse.parser());
    }
}
