package io.metcd.raft.progress;

import io.metcd.base.Invariants;

/**
 * How long an answer takes, in ticks: the estimator of RFC 6298 in integers. What was sent just before a tick is no older
 * at it, so nothing is given up before its second tick.
 */
public final class RoundTrip {
    private static final int RETRY_TICKS_MIN = 2;
    private static final long ONE_TICK = 64;

    /** Smoothed round trip and its variation, in 64ths of a tick. */
    private long smoothed;

    private long variation;
    private boolean measured;

    public void measure(long ticks) {
        Invariants.check(ticks >= 0, "a round trip of %s ticks", ticks);
        long sample = ticks * ONE_TICK;
        if (measured) {
            long error = sample - smoothed;
            variation += (Math.abs(error) - variation) / 4;
            smoothed += error / 8;
        } else {
            measured = true;
            smoothed = sample;
            variation = sample / 2;
        }
    }

    /** True when an answer mostly comes before the next tick. */
    public boolean isWithinTick() {
        return measured && smoothed < ONE_TICK / 2;
    }

    /** How many ticks to wait for an answer before it counts as lost. */
    public long retryTicks() {
        long ticks = (smoothed + Math.max(ONE_TICK, 4 * variation) + ONE_TICK - 1) / ONE_TICK;
        return Math.max(RETRY_TICKS_MIN, ticks);
    }
}
