package io.metcd.mesh.gossip;

/** A token bucket: a burst at once, then a steady rate. */
public final class Allowance {
    private final int burst;
    private final long refillNanos;
    private double tokens;
    private long filledNanos;

    /** One more token comes every {@code refillNanos}. */
    public Allowance(int burst, long refillNanos, long nowNanos) {
        this.burst = burst;
        this.refillNanos = refillNanos;
        this.tokens = burst;
        this.filledNanos = nowNanos;
    }

    /** Spends a token if there is one. */
    public boolean spend(long nowNanos) {
        fill(nowNanos);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** How long until a token is there; 0 when one is. */
    public long waitNanos(long nowNanos) {
        fill(nowNanos);
        return tokens >= 1 ? 0 : (long) Math.ceil((1 - tokens) * refillNanos);
    }

    private void fill(long nowNanos) {
        tokens = Math.min(burst, tokens + (double) (nowNanos - filledNanos) / refillNanos);
        filledNanos = nowNanos;
    }
}
