package io.metcd.raft;

/** What an operator would want to read in a log. */
public sealed interface RaftEvent {
    record RoleChanged(Role role, long term) implements RaftEvent {}

    /** {@code leader} is 0 when the member has lost it. */
    record LeaderChanged(long leader, long term) implements RaftEvent {}

    /** A leader that no quorum hears gives up (thesis §6.2). */
    record QuorumLost(long term) implements RaftEvent {}

    /**
     * The leader knows this member to hold, durably, more than it holds. The member has lost what it had acknowledged:
     * it must not go on under this id.
     */
    record EntriesLost(long leader, long term, long acknowledged, long lastIndex) implements RaftEvent {}

    /**
     * The configuration committed by now has this member no more: it may stop when
     * it has applied that far. An owner that starts from a later snapshot does
     * not hear it again.
     */
    record Removed(long commit) implements RaftEvent {}

    /** The target of a transfer has not taken over within an election time-out; this leader takes proposals again. */
    record TransferTimedOut(long target, long term) implements RaftEvent {}

    /** What a member said cannot be true; it was ignored. */
    record Refused(long from, String reason) implements RaftEvent {}
}
