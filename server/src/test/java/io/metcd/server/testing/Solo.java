package io.metcd.server.testing;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.MemoryJournal;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.net.MeshServer;
import io.metcd.mesh.net.PeerIdentity;
import io.metcd.mesh.net.Security;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A replica that is a cluster by itself, on a thread of its own. */
final class Solo implements AutoCloseable {
    private final MeshServer mesh;
    private final Replica replica;
    private final Semaphore wakeups = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    Solo() {
        long incarnation = 1;
        mesh = MeshServer.bind(MeshConfig.of("test", "a", incarnation), PeerIdentity.fresh(), Security.none());
        replica = new Replica(
                ReplicaConfig.ephemeral("test", "a", List.of("a"), incarnation),
                Clock.system(),
                RandomSource.system(),
                mesh,
                new MemoryJournal(),
                wakeups::release);
        mesh.start();
        thread = new Thread(this::run, "metcd-replica-a");
        thread.start();
    }

    Replica replica() {
        return replica;
    }

    boolean awaitReady(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!replica.status().hasLeader()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    private void run() {
        while (!closed) {
            boolean more = replica.turn();
            if (!more) {
                try {
                    long wait = replica.nextTurnNanos() - System.nanoTime();
                    wakeups.tryAcquire(wait, TimeUnit.NANOSECONDS);
                    wakeups.drainPermits();
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        wakeups.release();
        mesh.stop();
    }
}
