package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.RequestOp;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Etcd;
import io.metcd.store.Root;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** A snapshot on its way to a client that has room when this test says so, on a loop that this test turns. */
class SnapshotStreamTest {
    private static final Root STATE = state();

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<Payload> sent = new ArrayList<>();
    private final List<Status> ends = new ArrayList<>();
    private Optional<Runnable> timer = Optional.empty();
    private boolean room = true;
    private int freed;

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
            assertThat(delayNanos).isEqualTo(Limits.SNAPSHOT_PATIENCE_NANOS);
            assertThat(timer).isEmpty();
            timer = Optional.of(task);
            return () -> timer = Optional.empty();
        }
    };

    private final Outbound out = new Outbound() {
        @Override
        public boolean writable() {
            return room;
        }

        @Override
        public void send(Payload message) {
            assertThat(ends).isEmpty();
            sent.add(message);
        }

        @Override
        public void pauseRequests() {}

        @Override
        public void resumeRequests() {}

        @Override
        public void end(Status status) {
            ends.add(status);
        }
    };

    private final SnapshotStream stream = new SnapshotStream(STATE, out, loop, () -> freed++);

    /** contract: maint.snapshot.1 */
    @Test
    void nothingIsMadeWhileTheClientHasNoRoom() {
        stream.start();
        turnUntilSent(2);
        room = false;
        turn();

        assertThat(sent).hasSize(2);
        assertThat(timer).isPresent();

        room = true;
        stream.writable();
        assertThat(timer).isEmpty();
        turn();

        assertThat(sent.size()).isGreaterThan(10);
        assertThat(ends).containsExactly(Status.OK);
        assertThat(freed).isEqualTo(1);
    }

    /** contract: maint.snapshot.1 */
    @Test
    void aClientThatTakesNothingForAMinuteGetsNoMore() {
        stream.start();
        turnUntilSent(1);
        room = false;
        turn();

        timer.orElseThrow().run();

        assertThat(ends)
                .containsExactly(new Status(
                        Code.DEADLINE_EXCEEDED,
                        "etcdserver: nothing of the snapshot was taken for 60 s: save it again"));
        assertThat(freed).isEqualTo(1);
        room = true;
        stream.writable();
        stream.cancelled();
        turn();
        assertThat(sent).hasSize(1);
        assertThat(freed).isEqualTo(1);
    }

    /** contract: maint.snapshot.1 */
    @Test
    void aCancelledOneIsFreedWhereverItIs() {
        stream.start();
        tasks.remove().run();
        assertThat(sent).isEmpty();

        stream.cancelled();

        assertThat(freed).isEqualTo(1);
        turn();
        assertThat(sent).isEmpty();
        assertThat(ends).isEmpty();
    }

    /** contract: maint.snapshot.1 */
    @Test
    void aCancelledOneThatWaitedForRoomWaitsNoMore() {
        stream.start();
        turnUntilSent(1);
        room = false;
        turn();

        stream.cancelled();

        assertThat(timer).isEmpty();
        assertThat(freed).isEqualTo(1);
        assertThat(ends).isEmpty();
    }

    private void turnUntilSent(int pieces) {
        while (sent.size() < pieces) {
            tasks.remove().run();
        }
    }

    private void turn() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    /** Of 400 KB, and of more records than are laid out at once. */
    private static Root state() {
        try (Etcd etcd = Etcd.start()) {
            for (int i = 0; i < Limits.SLICE_RECORDS; i += 128) {
                TxnRequest.Builder txn = TxnRequest.newBuilder();
                for (int j = i; j < i + 128; j++) {
                    txn.addSuccess(RequestOp.newBuilder().setRequestPut(Etcd.putRequest("key" + j, "v".repeat(200))));
                }
                etcd.txn(txn.build());
            }
            etcd.put("one", "more");
            return etcd.replica().root();
        }
    }
}
