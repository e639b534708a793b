package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hashes of a state that takes several slices, on a loop that this test turns. */
class HashDeskTest {
    private static final int KEYS_A_TXN = 128;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Status> refused = new ArrayList<>();
    private final Set<Integer> hashes = new HashSet<>();
    private int done;

    private final EventLoop loop = new EventLoop() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public Task schedule(long delayNanos, Runnable task) {
            throw new AssertionError("nothing waits for a compaction here");
        }
    };

    @Test
    void eightAreTakenAtOnceAndTheNextIsRefusedUntilOneIsDone() {
        try (Etcd etcd = Etcd.start()) {
            for (int written = 0; written <= Limits.SLICE_RECORDS; written += KEYS_A_TXN) {
                etcd.txn(puts(written));
            }
            HashDesk desk = new HashDesk(new ReplicaBridge(etcd.replica(), loop));
            for (int i = 0; i < 8; i++) {
                ask(desk);
            }
            assertThat(refused).isEmpty();

            ask(desk);

            assertThat(refused).singleElement().isEqualTo(new Status(Code.UNKNOWN, "etcdserver: too many requests"));
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
            assertThat(done).isEqualTo(8);
            assertThat(hashes).hasSize(1);

            ask(desk);

            assertThat(refused).hasSize(1);
        }
    }

    private void ask(HashDesk desk) {
        desk.keys(
                0,
                (hash, revision) -> {
                    done++;
                    hashes.add(hash.hash());
                },
                refused::add);
    }

    private static TxnRequest puts(int from) {
        TxnRequest.Builder txn = TxnRequest.newBuilder();
        for (int i = from; i < from + KEYS_A_TXN; i++) {
            txn.addSuccess(RequestOp.newBuilder().setRequestPut(Etcd.putRequest("key" + i, "v")));
        }
        return txn.build();
    }
}
