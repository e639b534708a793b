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

    /** What a member said cannot be true; it was ignored. */
    record Refused(long from, String reason) implements RaftEvent {}
}
