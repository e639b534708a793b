package io.metcd.node;

import io.metcd.store.MemberState;
import java.util.List;

/**
 * What one replica knows of itself at the end of a turn; immutable.
 *
 * @param clusterId 0 before the founding
 * @param memberId 0 before the founding
 * @param epoch the founding epoch, 0 before the founding
 * @param leader the member that leads, 0 if none is known
 * @param firstIndex the oldest entry kept in memory
 * @param leaderUnknownNanos how long no leader has been known, 0 while one is
 * @param voters in the configuration that this member goes by
 * @param changing whether a change of that is not complete yet: until then old and new majorities count
 * @param waitsFor in words for an operator, empty when nothing is waited for
 * @param alarms what an operator must look at although this member works: another cluster of the same name that was
 *     met, an accepted risk; and the alarms of the cluster's state
 */
public record ReplicaStatus(
        Phase phase,
        String cluster,
        String name,
        long clusterId,
        long memberId,
        long epoch,
        Role role,
        long term,
        long leader,
        long commit,
        long applied,
        long firstIndex,
        long lastIndex,
        long leaderUnknownNanos,
        List<MemberState> members,
        List<Long> voters,
        boolean changing,
        String waitsFor,
        List<String> alarms,
        AutopilotStatus autopilot,
        Counters counters) {
    /** How far this replica has come. */
    public enum Phase {
        /** There is no cluster yet. */
        FOUNDING,
        /** Consensus runs; {@link #leader} says whether it can serve. */
        RUNNING,
        /** The cluster has no place for this peer: {@link #waitsFor} says why. */
        REFUSED,
        STOPPED,
        /** The cluster has removed this member: it has ended, and can never return. */
        REMOVED,
        /** The cluster has gone on without this member: it has ended, and its peer may come again as another one. */
        REPLACED,
        /** A disk error or a bug stopped it: {@link #waitsFor} says which. */
        FAILED
    }

    /** The part in consensus. */
    public enum Role {
        NONE,
        FOLLOWER,
        CANDIDATE,
        LEADER,
        LEARNER
    }

    /**
     * Totals since the start.
     *
     * @param turns that did something
     * @param proposals made by this member for its clients
     * @param proposalsFailed that had no result
     * @param forwardedBatches packets of proposals sent to a leader
     * @param forwardsRetried of them, not the first for their proposals
     * @param forwardedCommands taken from other members as their leader
     * @param duplicates of proposals, applied without effect
     * @param reads linearizable reads
     * @param readRounds that served them
     * @param packetsSent of consensus
     * @param packetsReceived of consensus
     * @param packetsDropped on their way out: no route, or a full queue
     * @param packetsForeign of another cluster, or from a peer that is not the member it says
     * @param packetsMalformed that could not be read
     * @param mailRefused requests and packets refused because the mailbox was full
     * @param leaderChanges seen
     * @param snapshotsInstalled taken from other members
     * @param snapshotPiecesTaken from other members
     * @param snapshotPiecesServed to other members
     * @param leasesExpired revocations proposed
     */
    public record Counters(
            long turns,
            long proposals,
            long proposalsFailed,
            long proposalsPending,
            long forwardedBatches,
            long forwardsRetried,
            long forwardedCommands,
            long duplicates,
            long reads,
            long readRounds,
            long packetsSent,
            long packetsReceived,
            long packetsDropped,
            long packetsForeign,
            long packetsMalformed,
            long mailRefused,
            long leaderChanges,
            long snapshotsInstalled,
            long snapshotPiecesTaken,
            long snapshotPiecesServed,
            long leasesExpired) {}

    /** Whether this replica has made its last turn. */
    public boolean isOver() {
        return switch (phase) {
            case STOPPED, REMOVED, REPLACED, FAILED -> true;
            case FOUNDING, RUNNING, REFUSED -> false;
        };
    }

    public boolean hasLeader() {
        return leader != 0;
    }

    public boolean isLeader() {
        return role == Role.LEADER;
    }
}
