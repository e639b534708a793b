package io.metcd.simulator.world;

import io.metcd.base.Clock;
import io.metcd.base.Invariants;

/** A member's own clocks: virtual time with a constant error of rate, and a wall clock that may be set. */
public final class SimClock implements Clock {
    private static final long MILLION = 1_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final EventQueue queue;
    private final Skew skew;
    private long wallJumpMillis;

    public SimClock(EventQueue queue, Skew skew) {
        this.queue = queue;
        this.skew = skew;
    }

    @Override
    public long nanos() {
        long now = queue.now();
        return skew.originNanos + now + now / MILLION * skew.rateMillionths;
    }

    @Override
    public long wallMillis() {
        return skew.wallOriginMillis + queue.now() / NANOS_PER_MILLI + wallJumpMillis;
    }

    /** Sets the wall clock forward or back. */
    public void jumpWall(long millis) {
        wallJumpMillis += millis;
    }

    /** The virtual time that passes while this clock counts the given nanoseconds, rounded up. */
    long virtualNanos(long ownNanos) {
        if (skew.rateMillionths == 0) {
            return ownNanos;
        }
        long divisor = MILLION + skew.rateMillionths;
        return ownNanos / divisor * MILLION + (ownNanos % divisor * MILLION) / divisor + MILLION;
    }

    /** How far a clock is off: its origin, its rate, and the wall time at which the run begins. */
    public record Skew(long originNanos, long rateMillionths, long wallOriginMillis) {
        /** A perfect clock that starts at zero, in 2026. */
        public static final Skew NONE = new Skew(0, 0, 1_767_225_600_000L);

        public Skew {
            Invariants.check(Math.abs(rateMillionths) <= 100_000, "clock rate off by %s millionths", rateMillionths);
        }
    }
}
