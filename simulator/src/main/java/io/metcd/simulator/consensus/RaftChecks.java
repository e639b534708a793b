package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import java.util.List;

/** The invariants over all members; each host tells what it saw after each of its steps. */
final class RaftChecks {
    private final ElectionSafety elections = new ElectionSafety();
    private final LogMatching matching = new LogMatching();
    private final CommittedLog committed = new CommittedLog();
    private final Durables durables;

    /** Counts on how many voters an entry is durable. */
    interface Durables {
        boolean onMajority(long index, long term);
    }

    RaftChecks(Durables durables) {
        this.durables = durables;
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

    /** A member's log takes entries. */
    void appended(List<Entry> entries, MirrorLog log) {
        for (Entry entry : entries) {
            long hash = hash(entry);
            matching.appended(entry.index(), entry.term(), log.term(entry.index() - 1), hash);
            log.set(entry.index(), entry.term(), hash);
        }
    }

    /**
     * A member has done a step.
     *
     * @param committedBefore what it knew to be committed
     */
    void stepped(RaftStatus status, MirrorLog log, long committedBefore) {
        long member = status.self();
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
            if (news && index == status.commit()) {
                Invariants.check(
                        durables.onMajority(index, log.term(index)),
                        "committed before durable: entry %s of term %s is on no majority",
                        index,
                        log.term(index));
            }
        }
    }

    static long hash(Entry entry) {
        long hash = entry.term() * 31 + entry.kind().code();
        return hash * 0x9E3779B97F4A7C15L + entry.data().hashCode();
    }
}
