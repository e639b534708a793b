package io.metcd.server.etcd;

/**
 * Every bound of the server, and what happens at it.
 *
 * @param maxRequestBytes the largest request that is replicated; a larger one is refused
 * @param maxTxnOps the operations of a transaction, nested ones included; more are refused
 * @param quotaBytes the size of the store at which writes are refused; 0 or less means no quota
 * @param progressIntervalNanos between the announcements to idle watchers that asked for them
 * @param streamPendingBytes what may wait on one stream for the socket before its producer pauses
 * @param keepAlivesPending unanswered keep-alives of one stream; at this many it is read no further
 * @param lockTtlSeconds the lease that Lock and Election make for a caller without one
 */
public record Limits(
        int maxRequestBytes,
        int maxTxnOps,
        long quotaBytes,
        long progressIntervalNanos,
        int streamPendingBytes,
        int keepAlivesPending,
        int lockTtlSeconds) {
    /** What the transport allows above {@link #maxRequestBytes}. */
    private static final int TRANSPORT_OVERHEAD = 512 << 10;

    /** The store is counted by its contents; what it takes beside them, and all that is under way, needs the rest. */
    private static final long HEAP_PERCENT = 45;

    public static final Limits DEFAULT = new Limits(1_572_864, 128, 2L << 30, 600_000_000_000L, 1 << 20, 1024, 60);

    /** With no higher quota than a heap of this maximum bears: 45 % of it; a quota that is off stays off. */
    public Limits withinHeap(long maxHeapBytes) {
        long bearable = maxHeapBytes / 100 * HEAP_PERCENT;
        return quotaBytes > bearable ? withQuotaBytes(bearable) : this;
    }

    /** The largest message that is read. */
    public int maxMessageBytes() {
        return maxRequestBytes + TRANSPORT_OVERHEAD;
    }

    public Limits withMaxRequestBytes(int bytes) {
        return new Limits(
                bytes,
                maxTxnOps,
                quotaBytes,
                progressIntervalNanos,
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }

    public Limits withMaxTxnOps(int operations) {
        return new Limits(
                maxRequestBytes,
                operations,
                quotaBytes,
                progressIntervalNanos,
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }

    public Limits withQuotaBytes(long bytes) {
        return new Limits(
                maxRequestBytes,
                maxTxnOps,
                bytes,
                progressIntervalNanos,
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }

    public Limits withProgressIntervalNanos(long nanos) {
        return new Limits(
                maxRequestBytes,
                maxTxnOps,
                quotaBytes,
                Math.max(nanos, 100_000_000L),
                streamPendingBytes,
                keepAlivesPending,
                lockTtlSeconds);
    }
}
