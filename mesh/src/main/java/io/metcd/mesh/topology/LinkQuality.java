package io.metcd.mesh.topology;

import io.metcd.mesh.Profile;

/**
 * The round-trip time of one link, from heartbeat echoes, and what follows from it: how long silence is normal, and
 * which cost is advertised.
 *
 * <p>The cost follows the least of the recent samples, because queueing and pauses only ever add; what is advertised
 * changes seldom (RFC 9616 damps likewise), or routes would follow every breath of the network.
 */
public final class LinkQuality {
    /** The cost of a link that has not been measured. */
    public static final int COST_UNKNOWN = 1;

    private static final int WINDOW = 64;

    private static final long COST_UNIT_NANOS = 1_000_000;
    private static final int COST_STEP_MIN = 5;

    private final Profile.Timing timing;
    private final long[] window = new long[WINDOW];
    private int samples;
    /** Of the window; computed with each sample because it is asked for far more often. */
    private long tailNanos;

    private double smoothed;
    private double deviation;
    private int advertised = COST_UNKNOWN;
    private long advertisedAtNanos;

    public LinkQuality(Profile.Timing timing) {
        this.timing = timing;
    }

    /** Takes a measured round trip; returns whether the advertised cost changed with it. */
    public boolean sample(long rttNanos, long nowNanos) {
        window[samples % WINDOW] = rttNanos;
        boolean first = samples++ == 0;
        if (first) {
            smoothed = rttNanos;
            deviation = rttNanos / 2.0;
        } else {
            deviation += (Math.abs(rttNanos - smoothed) - deviation) / 4;
            smoothed += (rttNanos - smoothed) / 8;
        }
        tailNanos = tail();
        return advertise(first, nowNanos);
    }

    /** The smoothed round trip, 0 before the first sample. */
    public long rttNanos() {
        return Math.round(smoothed);
    }

    /** Near the 99th percentile of the recent round trips, 0 before the first sample. */
    public long rttTailNanos() {
        return tailNanos;
    }

    /** What this end claims in its record. */
    public int advertisedCost() {
        return advertised;
    }

    /** How long the other end may be silent before it counts as gone. */
    public long deadlineNanos() {
        long usual = timing.heartbeatNanos() * timing.deadlineIntervals();
        long longest = timing.heartbeatNanos() * timing.deadlineIntervalsMax();
        return Math.min(longest, Math.max(usual, tailNanos + Math.round(4 * deviation)));
    }

    /** The second largest of the recent round trips, near their 99th percentile: one outlier does not count. */
    private long tail() {
        long largest = 0;
        long second = 0;
        for (int i = 0; i < Math.min(samples, WINDOW); i++) {
            if (window[i] >= largest) {
                second = largest;
                largest = window[i];
            } else {
                second = Math.max(second, window[i]);
            }
        }
        return second;
    }

    private boolean advertise(boolean first, long nowNanos) {
        int cost = cost();
        int change = Math.abs(cost - advertised);
        boolean worthIt = change * 4 > advertised && change >= COST_STEP_MIN;
        boolean dueAgain = nowNanos - advertisedAtNanos >= timing.costGapNanos();
        if (!first && !(worthIt && dueAgain)) {
            return false;
        }
        boolean changed = cost != advertised;
        advertised = cost;
        advertisedAtNanos = nowNanos;
        return changed;
    }

    private int cost() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < Math.min(samples, WINDOW); i++) {
            least = Math.min(least, window[i]);
        }
        return (int) Math.max(1, Math.min(LinkClaims.COST_MAX, (least + COST_UNIT_NANOS / 2) / COST_UNIT_NANOS));
    }
}
