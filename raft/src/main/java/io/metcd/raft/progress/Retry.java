package io.metcd.raft.progress;

/** Waiting for one kind of answer: when to ask again. */
public final class Retry {
    private final RoundTrip roundTrip;
    private final int doublingsMax;
    private int doublings;
    private long since;

    /** Each wait that is in vain makes the next one twice as long, up to a number of times. */
    public Retry(RoundTrip roundTrip, int doublingsMax) {
        this.roundTrip = roundTrip;
        this.doublingsMax = doublingsMax;
    }

    /** Something was asked, or came: the wait begins, as short as a round trip. */
    public void start(long now) {
        doublings = 0;
        since = now;
    }

    /** Nothing came, and it was asked again. */
    public void again(long now) {
        doublings = Math.min(doublingsMax, doublings + 1);
        since = now;
    }

    /** True when the last question was in vain. */
    public boolean isRepeated() {
        return doublings > 0;
    }

    public boolean isDue(long now) {
        return isDue(now, since);
    }

    /** True when an answer to what was asked at {@code asked}, or at the last retry, should have come. */
    public boolean isDue(long now, long asked) {
        return now - Math.max(since, asked) >= roundTrip.retryTicks() << doublings;
    }

    /**
     * Likewise for what costs little to repeat: at the first tick already where answers mostly come within one, for a
     * few packets in vain are cheaper than the wait; and never twice as long.
     */
    public boolean isDueCheaply(long now, long asked) {
        long ticks = doublings == 0 && roundTrip.isWithinTick() ? 1 : roundTrip.retryTicks();
        return now - Math.max(since, asked) >= ticks;
    }

    public boolean isDueCheaply(long now) {
        return isDueCheaply(now, since);
    }
}
