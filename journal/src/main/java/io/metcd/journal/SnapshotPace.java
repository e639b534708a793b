package io.metcd.journal;

/** How much was logged since the newest snapshot, by which its owner decides when the next one is due. Thread-safe. */
final class SnapshotPace {
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long RETRY_NANOS_MAX = 64 * RETRY_NANOS;

    private long logged;
    /** Where the newest snapshot was begun. */
    private long begunAt;

    private long newestBytes;
    private long retryNanos = RETRY_NANOS;
    private boolean refused;
    private long retryAt;

    /** A snapshot that was there when the journal was opened. */
    synchronized void recovered(long bytes) {
        newestBytes = bytes;
    }

    synchronized void log(long bytes) {
        logged += bytes;
    }

    /** The place in the log where a snapshot begins now. */
    synchronized long place() {
        return logged;
    }

    /** Since the newest snapshot; 0 for a while after one has found no room, longer each time. */
    synchronized long since(long nowNanos) {
        return refused && nowNanos - retryAt < 0 ? 0 : logged - begunAt;
    }

    synchronized long newestBytes() {
        return newestBytes;
    }

    /** All pieces of a snapshot have come: nothing more is due for what it covers. Returns what to put back. */
    synchronized long complete(long place) {
        long before = begunAt;
        begunAt = place;
        return before;
    }

    synchronized void written(long bytes) {
        newestBytes = bytes;
        refused = false;
        retryNanos = RETRY_NANOS;
    }

    synchronized void foundNoRoom(long before, long nowNanos) {
        begunAt = before;
        refused = true;
        retryAt = nowNanos + retryNanos;
        retryNanos = Math.min(2 * retryNanos, RETRY_NANOS_MAX);
    }
}
