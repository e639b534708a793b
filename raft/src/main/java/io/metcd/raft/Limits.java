package io.metcd.raft;

import io.metcd.base.Invariants;

/**
 * Every bound of this module, and what happens when it is hit.
 *
 * @param appendBytesMax of the entries in one append; a larger single entry travels alone
 * @param inFlightMessagesMax unacknowledged appends for one follower; the leader waits for acknowledgements
 * @param inFlightBytesMax likewise in bytes
 * @param uncommittedBytesMax of the leader's uncommitted entries; then proposals are {@link Proposal.Overloaded}
 * @param reorderBytesMax of appends that a follower keeps because earlier ones are missing; the farthest is dropped.
 *     More than a leader has in flight, or they would be sent for nothing
 * @param logBytesMax of the log in memory; then proposals are overloaded and a follower drops appends, until
 *     {@link Raft#compact}
 * @param committedBytesMax of the committed entries in one {@link Ready}; the rest comes with the next
 * @param pendingReadsMax of this member's own reads; then {@link Raft#requestRead} refuses
 */
public record Limits(
        int appendBytesMax,
        int inFlightMessagesMax,
        int inFlightBytesMax,
        int uncommittedBytesMax,
        int reorderBytesMax,
        int logBytesMax,
        int committedBytesMax,
        int pendingReadsMax) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public static final Limits DEFAULT =
            new Limits(512 * KIB, 256, 4 * MIB, 32 * MIB, 8 * MIB, 256 * MIB, 4 * MIB, 64 * KIB);

    public Limits withUncommittedBytesMax(int bytes) {
        return new Limits(
                appendBytesMax,
                inFlightMessagesMax,
                inFlightBytesMax,
                bytes,
                reorderBytesMax,
                logBytesMax,
                committedBytesMax,
                pendingReadsMax);
    }

    public Limits withLogBytesMax(int bytes) {
        return new Limits(
                appendBytesMax,
                inFlightMessagesMax,
                inFlightBytesMax,
                uncommittedBytesMax,
                reorderBytesMax,
                bytes,
                committedBytesMax,
                pendingReadsMax);
    }

    public Limits {
        Invariants.check(appendBytesMax > 0 && inFlightMessagesMax > 0, "limits must be positive");
        Invariants.check(inFlightBytesMax > 0 && uncommittedBytesMax > 0, "limits must be positive");
        Invariants.check(reorderBytesMax >= 0 && logBytesMax > 0, "limits must be positive");
        Invariants.check(
                logBytesMax >= 2L * uncommittedBytesMax,
                "a log of %s bytes could fill with %s uncommitted ones and never commit them",
                logBytesMax,
                uncommittedBytesMax);
        Invariants.check(committedBytesMax > 0 && pendingReadsMax > 0, "limits must be positive");
    }
}
