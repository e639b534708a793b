package io.metcd.raft;

import io.metcd.base.Invariants;

/**
 * The term and the vote in it, which must be durable before anything that follows from them leaves (Raft fig. 2), and
 * the count of the writes that make them so.
 *
 * <p>Invariant: the term never falls; one vote in a term never becomes another.
 */
final class Ballot {
    private long term;
    private long vote;
    private boolean changed;
    private long changedInWrite;
    private long writesIssued;
    private long writesDone;

    Ballot(HardState start) {
        term = start.term();
        vote = start.vote();
    }

    long term() {
        return term;
    }

    long vote() {
        return vote;
    }

    /** Enters a higher term, without a vote in it. */
    void adopt(long higher) {
        Invariants.check(higher > term, "term %s after %s", higher, term);
        term = higher;
        vote = 0;
        changed = true;
    }

    boolean canVoteFor(long candidate) {
        return vote == 0 || vote == candidate;
    }

    void voteFor(long candidate) {
        Invariants.check(canVoteFor(candidate), "a vote for %s after one for %s", candidate, vote);
        Invariants.check(candidate != 0, "a vote for nobody");
        changed |= vote != candidate;
        vote = candidate;
    }

    /** True when term or vote must be written. */
    boolean hasChanged() {
        return changed;
    }

    /** True when a write is on its way to the disk. */
    boolean isWriting() {
        return writesDone < writesIssued;
    }

    /** True when the term and the vote are on disk. */
    boolean isDurable() {
        return !changed && writesDone >= changedInWrite;
    }

    /** Numbers the next write, which carries the current term and vote. */
    long write() {
        writesIssued++;
        if (changed) {
            changedInWrite = writesIssued;
            changed = false;
        }
        return writesIssued;
    }

    void written(long write) {
        Invariants.check(write <= writesIssued, "write %s is complete, but only %s were begun", write, writesIssued);
        writesDone = Math.max(writesDone, write);
    }
}
