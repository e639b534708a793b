package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;

/**
 * What is committed, as the first member that knew has it. Every other member must commit and apply the same (state
 * machine safety), and every later leader must hold it (leader completeness; Raft paper, figure 3).
 */
final class CommittedLog {
    private final MirrorLog entries;

    CommittedLog(Configuration initial) {
        entries = new MirrorLog(initial);
    }

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

    /** The entry just committed may bring a configuration. */
    void configured(long index, MirrorLog log) {
        if (!log.configurationAt(index).equals(entries.configurationAt(index))) {
            entries.configure(index, log.configurationAt(index));
        }
    }

    /** Of the last one that is committed. */
    Configuration configuration() {
        return entries.configurationAt(last());
    }

    Configuration configurationAt(long index) {
        return entries.configurationAt(index);
    }

    /** The entry that brought it. */
    long configured() {
        return entries.configured();
    }

    long term(long index) {
        return index == 0 ? 0 : entries.term(index);
    }
}
