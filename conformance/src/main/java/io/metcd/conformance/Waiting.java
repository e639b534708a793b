package io.metcd.conformance;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for something that can be observed from outside, up to a deadline. */
public final class Waiting {
    private static final long POLL_NANOS = 20_000_000;

    private Waiting() {}

    /** Returns how long it took, or fails with the description and the state at the deadline. */
    public static Duration until(String what, Duration limit, Supplier<String> state, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new IllegalStateException("not within " + limit.toMillis() + " ms: " + what + "\n" + state.get());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
