package io.metcd.node;

import java.util.OptionalLong;

/**
 * How often in a row this member was overtaken: so much was written while it fetched a state, or while it read the log
 * behind it, that the log was cut and it needs a newer state. The first time it begins again at once, because that may
 * have been a burst; then it rests longer and longer, so that it does not keep its line and the others' logs full in
 * vain for ever.
 */
final class Overtaken {
    private static final long REST_NANOS = 5_000_000_000L;
    private static final int DOUBLINGS_MAX = 6;
    /** Who has needed no further state for so long has come through. */
    private static final long THROUGH_NANOS = 300_000_000_000L;

    private int times;
    private long restsUntil;
    /** When the last state had come, while that may still have been in vain. */
    private OptionalLong fetched = OptionalLong.empty();

    int times() {
        return times;
    }

    /** The log was cut behind the state that is on its way. */
    void happened(long nowNanos) {
        fetched = OptionalLong.empty();
        restsUntil = nowNanos;
        if (times > 0) {
            restsUntil += REST_NANOS << Math.min(times - 1, DOUBLINGS_MAX);
        }
        times++;
    }

    /** A state is needed, and none is on its way: soon after the last one this is the same misfortune. */
    void needed(long nowNanos) {
        if (fetched.isPresent()) {
            happened(nowNanos);
        }
    }

    boolean rests(long nowNanos) {
        return times > 0 && nowNanos - restsUntil < 0;
    }

    /** A state has come as a whole. */
    void fetched(long nowNanos) {
        fetched = OptionalLong.of(nowNanos);
    }

    /** To be called each turn. */
    void turn(boolean fetching, long nowNanos) {
        if (!fetching && fetched.isPresent() && nowNanos - fetched.getAsLong() >= THROUGH_NANOS) {
            fetched = OptionalLong.empty();
            times = 0;
        }
    }
}
