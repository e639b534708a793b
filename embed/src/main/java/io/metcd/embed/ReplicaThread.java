package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.node.Replica;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that drives a replica: a turn whenever there is something to do, else asleep until the next tick. */
final class ReplicaThread {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaThread.class);
    private static final long JOIN_MILLIS = 5_000;

    private final String name;
    private final AtomicBoolean signalled = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    ReplicaThread(String name) {
        this.name = name;
    }

    /** From any thread: a turn soon. */
    void wake() {
        if (!signalled.getAndSet(true)) {
            LockSupport.unpark(thread);
        }
    }

    /** Drives the replica from now on until it has stopped. */
    void drive(Replica replica) {
        Thread driver = new Thread(() -> run(replica), "metcd-replica-" + name);
        driver.setDaemon(true);
        thread = driver;
        driver.start();
    }

    /** Returns when the replica has made its last turn. */
    void join() {
        Thread driver = thread;
        if (driver == null || driver == Thread.currentThread()) {
            return;
        }
        try {
            driver.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Replica replica) {
        Clock clock = Clock.system();
        while (!over(replica)) {
            signalled.set(false);
            if (!turn(replica) && !signalled.get()) {
                long left = replica.nextTurnNanos() - clock.nanos();
                if (left > 0) {
                    LockSupport.parkNanos(this, left);
                }
            }
        }
    }

    /** The last resort: whatever a turn throws is a bug of ours, and ends this member rather than to go on with it. */
    private static boolean turn(Replica replica) {
        try {
            return replica.turn();
        } catch (RuntimeException | Error bug) {
            LOG.error("a turn has thrown: this member ends", bug);
            replica.abort("a bug of ours: " + bug);
            return true;
        }
    }

    private static boolean over(Replica replica) {
        return replica.status().isOver();
    }
}
