package io.metcd.raft;

/** What became of {@link Raft#propose} and {@link Raft#proposeConfiguration}; acceptance is no promise of commitment. */
public sealed interface Proposal {
    /** The entries got these places in the log; they may still be lost with this leader. */
    record Accepted(long firstIndex, long lastIndex, long term) implements Proposal {}

    /** Only the leader takes proposals; {@code leader} is 0 when none is known. */
    record NotLeader(long leader) implements Proposal {}

    /** A bound of {@link Limits} is reached; nothing was taken. */
    record Overloaded() implements Proposal {}

    /** Nothing was taken. */
    record Refused(Refusal reason) implements Proposal {}
}
