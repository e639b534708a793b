package io.metcd.node;

/**
 * How long to wait for an answer before it counts as lost: learned from the answers that came, as TCP does it (RFC
 * 6298), and doubled with each that did not, so that a slow member is not made slower by questions asked twice.
 */
final class Patience {
    private static final int MOST_FACTOR = 16;

    private final long leastNanos;
    private final long mostNanos;
    private long smoothed;
    private long deviation;
    private long nanos;
    private boolean measured;

    /** Never less than this, and never more than sixteen times as much. */
    Patience(long leastNanos) {
        this.leastNanos = leastNanos;
        this.mostNanos = MOST_FACTOR * leastNanos;
        this.nanos = leastNanos;
    }

    /** For the next question, over a path with this round-trip time. */
    long nanos(long roundTripNanos) {
        return Math.min(mostNanos, Math.max(nanos, leastNanos + 4 * roundTripNanos));
    }

    void answered(long afterNanos) {
        if (measured) {
            deviation += (Math.abs(smoothed - afterNanos) - deviation) / 4;
            smoothed += (afterNanos - smoothed) / 8;
        } else {
            measured = true;
            smoothed = afterNanos;
            deviation = afterNanos / 2;
        }
        nanos = Math.max(leastNanos, smoothed + 4 * deviation);
    }

    /** No answer came in so long a time. Questions that were lost together double it once, not once each. */
    void lost(long waitedNanos) {
        nanos = Math.min(mostNanos, Math.max(nanos, 2 * waitedNanos));
    }
}
