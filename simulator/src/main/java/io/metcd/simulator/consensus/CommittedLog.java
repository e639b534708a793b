package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;

/**
 * What is committed, as the first member that knew has it. Every other member must commit and apply the same (state
 * machine safety), and every later leader must hold it (leader completeness; Raft paper, figure 3).
 */
final class CommittedLog {
    private final MirrorLog entries = new MirrorLog();

    /** The highest index that any member knows to be committed. */
    long last() {
        return entries.last();
    }

    long lastTerm() {
        return entries.term(entries.last());
    }

    /** A member knows that the entry is committed; true when it is the first to know. */
    boolean committed(long member, long index, long term, long hash) {
        if (index == entries.last() + 1) {
            entries.set(index, term, hash);
            return true;
        }
        Invariants.check(index <= entries.last(), "commit of %s skips from %s", index, entries.last());
        Invariants.check(
                entries.term(index) == term && entries.hash(index) == hash,
                "state machine safety: member %s has another entry committed at %s",
                member,
                index);
        return false;
    }

    /** A member has become leader with this log. */
    void elected(long leader, long term, MirrorLog log) {
        if (last() == 0 || lastTerm() >= term) {
            return;
        }
        Invariants.check(
                log.holds(last(), lastTerm()),
                "leader completeness: the leader %s of term %s lacks the committed entry %s",
                leader,
                term,
                last());
    }

    /** A member applies the entry. */
    void applied(long member, long index, long term, long hash) {
        Invariants.check(index <= last(), "member %s applies %s, which is not committed", member, index);
        Invariants.check(
                entries.term(index) == term && entries.hash(index) == hash,
                "state machine safety: member %s applies another entry at %s",
                member,
                index);
    }

    long term(long index) {
        return index == 0 ? 0 : entries.term(index);
    }
}
