package io.metcd.node;

/**
 * Every bound of this room, and what happens at it.
 *
 * @param foundersMax slots of a founding; more are refused at the start
 * @param mailboxMax letters that wait for a turn; beyond it packets are lost, and from three quarters of it on clients
 *     are answered TOO_MANY_REQUESTS, so that no load of theirs costs the leader its followers
 * @param queuedProposalsMax proposals that wait for a place in the window; beyond it TOO_MANY_REQUESTS
 * @param batchBytesMax of commands in one proposal to Raft or one packet to the leader; the rest follows
 * @param batchCommandsMax the same in commands
 * @param readBatchesMax ReadIndex rounds that are out at once; further reads wait and share the next
 * @param packetBytesMax of messages put into one packet; a larger single message travels alone
 * @param consensusBytesMax up to which a packet counts as small and rides in the consensus class
 * @param snapshotCallsMax pieces asked for at once
 * @param snapshotPinsMax snapshots that a member serves at once; the one unused for longest goes
 * @param logBytesKept of applied entries kept in memory for followers that lag; older ones are compacted
 * @param journalBytesMin of journal after which a snapshot is written, if that is more than the data itself
 * @param quotaBytes the size of the store at which writes are refused, and the alarm NOSPACE is raised; 0 or less for none
 * @param leaseScanMax leases looked at in one expiry scan
 * @param leaseRevokesMax expired leases whose revocation is under way at once
 * @param leaseRate expiries a second that a new leader spreads many leases to
 * @param leaseCallsMax keep-alives and queries in one packet to the leader
 * @param changesMax changes of membership that wait at the leader; beyond it TOO_MANY_CHANGES
 * @param learnersMax learners that operators may add; beyond it TOO_MANY_LEARNERS
 * @param standbysMax learners that come by themselves where an autopilot is on; others wait
 */
public record Limits(
        int foundersMax,
        int mailboxMax,
        int queuedProposalsMax,
        int batchBytesMax,
        int batchCommandsMax,
        int readBatchesMax,
        int packetBytesMax,
        int consensusBytesMax,
        int snapshotCallsMax,
        int snapshotPinsMax,
        long logBytesKept,
        long journalBytesMin,
        long quotaBytes,
        int leaseScanMax,
        int leaseRevokesMax,
        int leaseRate,
        int leaseCallsMax,
        int changesMax,
        int learnersMax,
        int standbysMax) {
    /** Proposals of one origin that may be under way at once; the store remembers as many, so it is no option. */
    static final int WINDOW = 4096;

    /** However slow the mesh: no later is an election held for want of a leader (times two, as always). */
    static final long ELECTION_MILLIS_MAX = 50_000;

    /** The store is counted by its contents; what it takes beside them, and all that is under way, needs the rest. */
    private static final long HEAP_PERCENT = 45;

    public static final Limits DEFAULT = new Limits(
            7,
            65_536,
            32_768,
            512 * 1024,
            4_096,
            8,
            1024 * 1024,
            64 * 1024,
            4,
            2,
            32L * 1024 * 1024,
            64L * 1024 * 1024,
            2L << 30,
            500,
            16,
            750,
            1_024,
            64,
            1,
            4);

    /** Of the leader's log that is not committed yet: so much still fits into the reserve when the disk is full. */
    int uncommittedBytesMax() {
        return (int) Math.min(io.metcd.raft.Limits.DEFAULT.uncommittedBytesMax(), journalBytesMin / 2);
    }

    /** Keeps less of the log in memory, for tests of snapshots. */
    public Limits withLogBytesKept(long bytes) {
        return new Limits(
                foundersMax,
                mailboxMax,
                queuedProposalsMax,
                batchBytesMax,
                batchCommandsMax,
                readBatchesMax,
                packetBytesMax,
                consensusBytesMax,
                snapshotCallsMax,
                snapshotPinsMax,
                bytes,
                journalBytesMin,
                quotaBytes,
                leaseScanMax,
                leaseRevokesMax,
                leaseRate,
                leaseCallsMax,
                changesMax,
                learnersMax,
                standbysMax);
    }

    public Limits withLearnersMax(int learners) {
        return new Limits(
                foundersMax,
                mailboxMax,
                queuedProposalsMax,
                batchBytesMax,
                batchCommandsMax,
                readBatchesMax,
                packetBytesMax,
                consensusBytesMax,
                snapshotCallsMax,
                snapshotPinsMax,
                logBytesKept,
                journalBytesMin,
                quotaBytes,
                leaseScanMax,
                leaseRevokesMax,
                leaseRate,
                leaseCallsMax,
                changesMax,
                learners,
                standbysMax);
    }

    /** Writes snapshots earlier, for tests of them. */
    public Limits withJournalBytesMin(long bytes) {
        return new Limits(
                foundersMax,
                mailboxMax,
                queuedProposalsMax,
                batchBytesMax,
                batchCommandsMax,
                readBatchesMax,
                packetBytesMax,
                consensusBytesMax,
                snapshotCallsMax,
                snapshotPinsMax,
                logBytesKept,
                bytes,
                quotaBytes,
                leaseScanMax,
                leaseRevokesMax,
                leaseRate,
                leaseCallsMax,
                changesMax,
                learnersMax,
                standbysMax);
    }

    /** With another quota. */
    public Limits withQuotaBytes(long bytes) {
        return new Limits(
                foundersMax,
                mailboxMax,
                queuedProposalsMax,
                batchBytesMax,
                batchCommandsMax,
                readBatchesMax,
                packetBytesMax,
                consensusBytesMax,
                snapshotCallsMax,
                snapshotPinsMax,
                logBytesKept,
                journalBytesMin,
                bytes,
                leaseScanMax,
                leaseRevokesMax,
                leaseRate,
                leaseCallsMax,
                changesMax,
                learnersMax,
                standbysMax);
    }

    /** With no higher quota than a heap of this maximum bears; a quota that is off stays off. */
    public Limits withinHeap(long maxHeapBytes) {
        long bearable = maxHeapBytes / 100 * HEAP_PERCENT;
        return quotaBytes > bearable ? withQuotaBytes(bearable) : this;
    }
}
