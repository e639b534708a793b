package io.metcd.raft.progress;

/** Waiting for one kind of answer: when to ask again, at longer and longer intervals while nothing comes. */
public final class Retry {
    private static final int BACKOFF_MAX = 8;

    private final RoundTrip roundTrip;
    private final int ticksMax;
    private int backoff;
    private long since;

    public Retry(RoundTrip roundTrip, int ticksMax) {
        this.roundTrip = roundTrip;
        this.ticksMax = ticksMax;
    }

    /** Something was asked, or came: the wait begins, as short as a round trip. */
    public void start(long now) {
        backoff = 0;
        since = now;
    }

    /** Nothing came: the next wait is twice as long. */
    public void again(long now) {
        backoff = Math.min(BACKOFF_MAX, backoff + 1);
        since = now;
    }

    /** True when an answer to what was asked at {@code asked}, or at the last retry, should have come. */
    public boolean isDue(long now, long asked) {
        long ticks = roundTrip.retryTicks();
        return now - Math.max(since, asked) >= Math.min(ticks << backoff, Math.max(ticks, ticksMax));
    }

    public boolean isDue(long now) {
        return isDue(now, since);
    }
}
