package io.metcd.raft;

/** What became of {@link Raft#transferLeadership}. */
public sealed interface Transfer {
    /**
     * The leader brings the target up to date and bids it stand for election. It ends with another leader
     * ({@link RaftEvent.LeaderChanged}) or, after an election time-out, with {@link RaftEvent.TransferTimedOut}.
     */
    record Begun(long target, long term) implements Transfer {}

    /** Only the leader can; {@code leader} is 0 when none is known. */
    record NotLeader(long leader) implements Transfer {}

    record Refused(Refusal reason) implements Transfer {}
}
