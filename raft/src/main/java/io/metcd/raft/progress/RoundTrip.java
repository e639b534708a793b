package io.metcd.raft.progress;

import io.metcd.base.Invariants;

/**
 * How long an answer takes, in ticks, and when to stop waiting for it: the estimator of RFC 6298 in integers. Within
 * one tick everything happens at once, so nothing is given up before its second tick.
 */
public final class RoundTrip {
    private static final int RETRY_TICKS_MIN = 2;
    private static final int BACKOFF_MAX = 8;

    private final int retryTicksMax;

    /** Eight times the smoothed round trip, four times its variation. */
    private long smoothed8;

    private long variation4;
    private boolean measured;
    private int backoff;

    public RoundTrip(int retryTicksMax) {
        Invariants.check(retryTicksMax >= 1, "retry after %s ticks", retryTicksMax);
        this.retryTicksMax = retryTicksMax;
    }

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

    /** An answer came: the next wait is not longer because the last one was in vain. */
    public void answered() {
        backoff = 0;
    }

    /** No answer came: the next wait is twice as long. */
    public void retried() {
        backoff = Math.min(BACKOFF_MAX, backoff + 1);
    }

    /** How many ticks to wait for an answer before asking again. */
    public long retryTicks() {
        long ticks = (smoothed8 + 7) / 8 + variation4 + 1;
        return Math.min(Math.max(RETRY_TICKS_MIN, ticks) << backoff, Math.max(RETRY_TICKS_MIN, retryTicksMax));
    }
}
