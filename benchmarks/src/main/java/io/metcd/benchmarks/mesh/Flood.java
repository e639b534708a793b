package io.metcd.benchmarks.mesh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * As many payloads of one size as get through a pair, from one thread, with so many on their way at most: without a
 * bound, whoever drops most would seem to be the fastest.
 */
final class Flood {
    /** Without an arrival, after which what is on its way counts as lost. */
    private static final long LOST_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    /** The sender is woken so often: waking it for each payload would be measured as well. */
    private static final int WAKES_PER_WINDOW = 4;

    private final Rival.Pair pair;
    private final Thread sender = Thread.currentThread();
    private final AtomicLong received = new AtomicLong();
    private volatile int wakeEach = 1;
    private long sent;
    private long lost;

    /** What came through in a time. */
    record Carried(long payloads, double perSecond) {}

    Flood(Rival.Pair pair) {
        this.pair = pair;
        pair.onReceived(size -> {
            if (received.incrementAndGet() % wakeEach == 0) {
                LockSupport.unpark(sender);
            }
        });
    }

    /** Sends for so long, then waits for what is on its way; from the thread that has made this. */
    Carried carry(int bytes, int window, long nanos) {
        byte[] payload = new byte[bytes];
        wakeEach = Math.max(1, window / WAKES_PER_WINDOW);
        long from = received.get();
        long start = System.nanoTime();
        while (System.nanoTime() - start < nanos) {
            awaitRoom(window);
            while (!pair.send(payload)) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            sent++;
        }
        awaitRoom(1);
        long payloads = received.get() - from;
        return new Carried(payloads, payloads * 1e9 / (System.nanoTime() - start));
    }

    /** Payloads that never arrived. */
    long lost() {
        return lost;
    }

    private void awaitRoom(int window) {
        long arrived = received.get();
        long since = System.nanoTime();
        while (sent - arrived >= window) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long now = received.get();
            if (now != arrived) {
                arrived = now;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > LOST_NANOS) {
                lost += sent - arrived;
                sent = arrived;
            }
        }
    }
}
