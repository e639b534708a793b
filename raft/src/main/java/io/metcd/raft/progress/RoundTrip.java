package io.metcd.raft.progress;

import io.metcd.base.Invariants;

/**
 * How long an answer takes, in ticks: the estimator of RFC 6298 in integers. Within one tick everything happens at
 * once, so nothing is given up before its second tick.
 */
public final class RoundTrip {
    private static final int RETRY_TICKS_MIN = 2;

    /** Eight times the smoothed round trip, four times its variation. */
    private long smoothed8;

    private long variation4;
    private boolean measured;

    public void measure(long ticks) {
        Invariants.check(ticks >= 0, "a round trip of %s ticks", ticks);
        if (!measured) {
            measured = true;
            smoothed8 = ticks * 8;
            variation4 = ticks * 2;
            return;
        }
        long error = ticks - smoothed8 / 8;
        variation4 += Math.abs(error) - variation4 / 4;
        smoothed8 += error;
    }

    /** How many ticks to wait for an answer before it counts as lost. */
    public long retryTicks() {
        return Math.max(RETRY_TICKS_MIN, (smoothed8 + 7) / 8 + variation4 + 1);
    }
}
