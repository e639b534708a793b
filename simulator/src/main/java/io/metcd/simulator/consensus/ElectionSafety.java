package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import java.util.Map;
import java.util.TreeMap;

/** At most one leader is elected in a term (Raft paper, figure 3). */
final class ElectionSafety {
    private final Map<Long, Long> leaders = new TreeMap<>();

    /** A member leads in a term; true when that is news. */
    boolean leads(long member, long term) {
        Long known = leaders.putIfAbsent(term, member);
        Invariants.check(
                known == null || known == member,
                "election safety: term %s has leaders %s and %s",
                term,
                known,
                member);
        return known == null;
    }

    int elections() {
        return leaders.size();
    }
}
