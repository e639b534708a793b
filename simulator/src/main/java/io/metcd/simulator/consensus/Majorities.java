package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongPredicate;

/** Quorums counted by their definition (Raft paper, section 6), without the arithmetic that is under test. */
final class Majorities {
    /** Pairs that were looked at. */
    private final TreeSet<String> neighbours = new TreeSet<>();

    /** All configurations that any log has had, by index. */
    private final TreeMap<Long, List<Configuration>> placed = new TreeMap<>();

    /** Whether these members decide. */
    static boolean decide(Configuration configuration, LongPredicate members) {
        return most(configuration.voters(), members)
                && (configuration.outgoing().isEmpty() || most(configuration.outgoing(), members));
    }

    private static boolean most(List<Long> voters, LongPredicate members) {
        return 2 * voters.stream().filter(members::test).count() > voters.size();
    }

    /** A log has one configuration behind another: no two quorums of them may be apart. */
    void follows(Configuration before, long index, Configuration after) {
        List<Configuration> here = placed.computeIfAbsent(index, key -> new ArrayList<>());
        if (!here.contains(after)) {
            here.add(after);
        }
        if (!neighbours.add(before + " " + after)) {
            return;
        }
        TreeSet<Long> all = new TreeSet<>(before.voters());
        all.addAll(before.outgoing());
        all.addAll(after.voters());
        all.addAll(after.outgoing());
        List<Long> members = List.copyOf(all);
        for (int set = 0; set < 1 << members.size(); set++) {
            int chosen = set;
            LongPredicate in = member -> (chosen >> members.indexOf(member) & 1) == 1;
            Invariants.check(
                    !decide(before, in) || !decide(after, in.negate()),
                    "change of membership: %s is followed by %s, and %s are a quorum of the one and the rest one of"
                            + " the other",
                    before,
                    after,
                    chosen);
        }
    }

    /** Whether these members decide in each configuration that any log has had from an index on. */
    boolean decideFrom(long index, LongPredicate members) {
        return placed.tailMap(index, true).values().stream()
                .flatMap(List::stream)
                .allMatch(one -> decide(one, members));
    }
}
