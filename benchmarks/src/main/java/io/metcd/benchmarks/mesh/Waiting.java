package io.metcd.benchmarks.mesh;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Looks again and again, at short intervals, until something holds. */
final class Waiting {
    private static final long LIMIT_SECONDS = 60;
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Waiting() {}

    /** Fails when it does not hold within a minute. */
    static void until(String what, BooleanSupplier condition) {
        if (!within(TimeUnit.SECONDS.toNanos(LIMIT_SECONDS), condition)) {
            throw new IllegalStateException("not within " + LIMIT_SECONDS + " s: " + what);
        }
    }

    /** Whether it came to hold in time. */
    static boolean within(long nanos, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > nanos) {
                return false;
            }
            LockSupport.parkNanos(GLANCE_NANOS);
        }
        return true;
    }
}
