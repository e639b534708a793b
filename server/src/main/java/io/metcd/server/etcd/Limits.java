package io.metcd.server.etcd;

import io.metcd.store.bolt.Bucket;

/**
 * Every bound of the server, and what happens at it.
 *
 * @param maxRequestBytes the largest request that is replicated; a larger one is refused
 * @param maxTxnOps the operations of a transaction, nested ones included; more are refused
 * @param progressIntervalNanos between the announcements to idle watchers that asked for them
 * @param streamPendingBytes what may wait on one stream for the socket before its producer pauses
 * @param keepAlivesPending unanswered keep-alives of one stream; at this many it is read no further
 * @param lockTtlSeconds the lease that Lock and Election make for a caller without one
 */
public record Limits(
        int maxRequestBytes,
        int maxTxnOps,
        long progressIntervalNanos,
        int streamPendingBytes,
        int keepAlivesPending,
        int lockTtlSeconds) {
    /** The part of the heap that open calls may have together; calls beyond it are refused. */
    public static final int OPEN_CALLS_HEAP_PART = 8;

    /** The part of the heap that answers by JSON may have together; answers beyond it are refused. */
    public static final int JSON_ANSWERS_HEAP_PART = 4;

    /** Records that a hash, or the layout of a snapshot, takes before the loop does other work. */
    static final int SLICE_RECORDS = 2048;

    /** The name of a user or a role; a longer one is refused, since it would be too long a key of etcd's file. */
    static final int NAME_BYTES_MAX = Bucket.KEY_BYTES_MAX;

    /** Hashes under way on one loop; a further one is refused, since each holds on to a state. */
    static final int HASHES_MAX = 8;

    /** Snapshots on their way on one loop; a further one is refused, since each holds on to a state. */
    static final int SNAPSHOTS_MAX = 4;

    /** A client that takes nothing of its snapshot for so long gets no more of it: the state could never be freed. */
    static final long SNAPSHOT_PATIENCE_NANOS = 60_000_000_000L;

    /** What the transport allows above {@link #maxRequestBytes}. */
    private static final int TRANSPORT_OVERHEAD = 512 << 10;

    public static final Limits DEFAULT = new Limits(1_572_864, 128, 600_000_000_000L, 1 << 20, 1024, 60);

    /** The largest message that is read. */
    public int maxMessageBytes() {
        return maxRequestBytes + TRANSPORT_OVERHEAD;
    }

    public Limits withMaxRequestBytes(int bytes) {
        return new Limits(
                bytes, maxTxnOps, progressIntervalNanos, streamPendingBytes, keepAlivesPending, lockTtlSeconds);
    }

    public Limits withMaxTxnOps(int operations) {
        return new Limits(
                maxRequestBytes,
                operations,
                progressIntervalNanos,
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }

    public Limits withProgressIntervalNanos(long nanos) {
        return new Limits(
                maxRequestBytes,
                maxTxnOps,
                Math.max(nanos, 100_000_000L),
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }
}
