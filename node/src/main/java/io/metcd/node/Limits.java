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
 * @param snapshotPinsMax states that a member holds for others at once; the one unused for longest goes
 * @param logBytesKept of applied entries kept in memory for followers that lag; older ones are compacted
 * @param logBytesHeld the same while one of them fetches a state; at it the log is cut, and the follower begins with a
 *     newer state
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
        long logBytesHeld,
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

    /** Checkpoints of leases in one entry, and as many leases looked at in a scan for them; the rest follows. */
    static final int CHECKPOINTS_MAX = 1_000;

    /** However slow the mesh: no later is an election held for want of a leader (times two, as always). */
    static final long ELECTION_MILLIS_MAX = 50_000;

    /** The store is counted by its contents; what it takes beside them, and all that is under way, needs the rest. */
    private static final long HEAP_PERCENT = 45;

    /** The log may take this part of a large heap while somebody fetches, and no more than so much. */
    private static final int HEAP_PARTS = 8;

    private static final long HELD_MAX = 1L << 30;
    private static final int HELD_SHARES = 4;
    private static final long HELD_ROOM = 2;

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
            4,
            32L * 1024 * 1024,
            128L * 1024 * 1024,
            64L * 1024 * 1024,
            2L << 30,
            500,
            16,
            750,
            1_024,
            64,
            1,
            4);

    /**
     * Those of consensus. Of the leader's log that is not committed yet, so much as still fits into the reserve when the
     * disk is full; of all of it, more than is ever held here.
     */
    io.metcd.raft.Limits ofConsensus() {
        io.metcd.raft.Limits usual = io.metcd.raft.Limits.DEFAULT;
        long inMemory = Math.max(usual.logBytesMax(), HELD_ROOM * logBytesHeld);
        return usual.withUncommittedBytesMax((int) Math.min(usual.uncommittedBytesMax(), journalBytesMin / 2))
                .withLogBytesMax((int) Math.min(Integer.MAX_VALUE, inMemory));
    }

    /** Keeps less of the log in memory, and four times that while somebody fetches: for tests of snapshots. */
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
                HELD_SHARES * bytes,
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
                logBytesHeld,
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
                logBytesHeld,
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
                logBytesHeld,
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

    /** With no higher quota than a heap of this maximum bears (off stays off), and more of the log held if it is large. */
    public Limits withinHeap(long maxHeapBytes) {
        long bearable = maxHeapBytes / 100 * HEAP_PERCENT;
        long held = Math.min(HELD_MAX, maxHeapBytes / HEAP_PARTS);
        Limits holding = held > logBytesHeld ? withLogBytesHeld(held) : this;
        return quotaBytes > bearable ? holding.withQuotaBytes(bearable) : holding;
    }

    /** Holds as much of the log as this for those who fetch. */
    private Limits withLogBytesHeld(long bytes) {
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
}
