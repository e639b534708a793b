package io.metcd.raft.progress;

/**
 * How many later appends must have arrived before one is taken for lost. One is right where nothing is reordered; each
 * append resent in vain doubles it, and it is forgotten again with time (cf. the reordering window of RFC 8985).
 */
public final class ReorderTolerance {
    private static final int FORGET_TICKS = 50;

    private final int appendsMax;
    private int appends = 1;
    private long changedAt;

    public ReorderTolerance(int appendsMax) {
        this.appendsMax = appendsMax;
    }

    public int appends() {
        return appends;
    }

    public void resentInVain(long now) {
        appends = Math.min(appendsMax, appends * 2);
        changedAt = now;
    }

    public void tick(long now) {
        if (appends > 1 && now - changedAt >= FORGET_TICKS) {
            appends /= 2;
            changedAt = now;
        }
    }
}
