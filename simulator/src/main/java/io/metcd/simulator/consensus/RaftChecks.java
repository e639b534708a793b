package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.raft.codec.EntryCodec;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/** The invariants over all members; each host tells what it saw after each of its steps. */
final class RaftChecks {
    private final ElectionSafety elections = new ElectionSafety();
    private final LogMatching matching = new LogMatching();
    private final CommittedLog committed;
    private final Majorities majorities = new Majorities();

    /** What has happened, and how often: a run that never sees a thing shows nothing about it. */
    private final TreeMap<String, Integer> seen = new TreeMap<>();

    private final Durables durables;

    /** Knows the disks. */
    interface Durables {
        boolean holds(long member, long index, long term);
    }

    RaftChecks(Configuration initial, Durables durables) {
        this.committed = new CommittedLog(initial);
        this.durables = durables;
        majorities.follows(initial, 0, initial);
    }

    /**
     * Whether these members could go on without the others: they decide in the configuration that is committed, and in
     * each that may still come into force.
     */
    boolean suffice(LongPredicate members) {
        return Majorities.decide(committed.configuration(), members)
                && majorities.decideFrom(committed.configured() + 1, members);
    }

    CommittedLog committed() {
        return committed;
    }

    int elections() {
        return elections.elections();
    }

    /** A member has won a term. */
    void won(long member, long term) {
        elections.leads(member, term);
    }

    void saw(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    Map<String, Integer> seen() {
        return seen;
    }

    /**
     * A leader adds to its log: a configuration only when the one before it is committed, and an entry of its own term
     * with it (thesis, section 4.1, and its erratum).
     */
    void leads(RaftStatus status, List<Entry> entries, MirrorLog log) {
        for (Entry entry : entries) {
            if (entry.kind() == Entry.Kind.CONFIGURATION && entry.term() == status.term()) {
                long before = log.configuredBefore(entry.index());
                Invariants.check(
                        status.commit() >= before && log.term(status.commit()) == status.term(),
                        "one change at a time: %s changes at %s, committed is %s, and the last change is %s",
                        status.self(),
                        entry.index(),
                        status.commit(),
                        before);
            }
        }
    }

    /** A member's log takes entries. */
    void appended(List<Entry> entries, MirrorLog log) {
        for (Entry entry : entries) {
            long hash = hash(entry);
            matching.appended(entry.index(), entry.term(), log.term(entry.index() - 1), hash);
            Configuration before = log.configurationAt(entry.index() - 1);
            log.set(entry.index(), entry.term(), hash);
            if (entry.kind() == Entry.Kind.CONFIGURATION) {
                Configuration after = EntryCodec.change(entry).configuration();
                saw(after.isJoint() ? "joint" : "plain");
                majorities.follows(before, entry.index(), after);
                log.configure(entry.index(), after);
            }
        }
    }

    /**
     * A member has done a step.
     *
     * @param committedBefore what it knew to be committed
     */
    void stepped(RaftStatus status, MirrorLog log, long committedBefore) {
        long member = status.self();
        Invariants.check(
                status.configuration().equals(log.configurationAt(log.last())),
                "configuration: member %s goes by %s, but its log says %s",
                member,
                status.configuration(),
                log.configurationAt(log.last()));
        if (status.role() == Role.LEADER) {
            elections.leads(member, status.term());
            committed.elected(member, status.term(), log);
        }
        Invariants.check(
                status.commit() >= committedBefore,
                "commit monotonic: it went back from %s to %s",
                committedBefore,
                status.commit());
        Invariants.check(
                status.commit() <= log.last(),
                "commit %s is beyond the log, which ends at %s",
                status.commit(),
                log.last());
        for (long index = Math.max(committedBefore, log.first() - 1) + 1; index <= status.commit(); index++) {
            boolean news = committed.committed(member, index, log.term(index), log.hash(index));
            if (news) {
                committed.configured(index, log);
            }
            if (news && index == status.commit()) {
                Invariants.check(
                        isOnMajority(index, log),
                        "committed before durable: entry %s of term %s is on no majority of %s",
                        index,
                        log.term(index),
                        log.configurationsFrom(index));
            }
        }
    }

    /** By a configuration in force at the entry or behind it; the leader may have gone on since it committed. */
    private boolean isOnMajority(long index, MirrorLog log) {
        long term = log.term(index);
        return log.configurationsFrom(index).stream()
                .anyMatch(one -> Majorities.decide(one, member -> durables.holds(member, index, term)));
    }

    /** A member has been told that it belongs no more. */
    void removed(long member, long commit) {
        saw("removed");
        Invariants.check(
                !committed.configurationAt(commit).contains(member),
                "member %s is removed as of %s, but belongs to %s",
                member,
                commit,
                committed.configurationAt(commit));
    }

    static long hash(Entry entry) {
        long hash = entry.term() * 31 + entry.kind().code();
        return hash * 0x9E3779B97F4A7C15L + entry.data().hashCode();
    }
}
