package io.metcd.raft.membership;

import io.metcd.base.Invariants;
import java.util.Arrays;
import java.util.List;

/**
 * Who votes and who only listens (Raft §6). While {@code outgoing} is not empty the configuration is joint: every
 * decision needs a majority of {@code voters} and one of {@code outgoing}.
 *
 * <p>Invariant: each list is ascending, without 0 and without repetition; no learner votes.
 */
public record Configuration(List<Long> voters, List<Long> learners, List<Long> outgoing) {
    /** Beyond it nobody gains: each voter more is one more to wait for. */
    public static final int VOTERS_MAX = 63;

    public static final int LEARNERS_MAX = 1024;

    public Configuration {
        voters = sorted(voters);
        learners = sorted(learners);
        outgoing = sorted(outgoing);
        for (long learner : learners) {
            Invariants.check(!voters.contains(learner), "%s is a voter and a learner", learner);
            Invariants.check(!outgoing.contains(learner), "%s is an outgoing voter and a learner", learner);
        }
    }

    /** Voters alone. */
    public static Configuration of(long... voters) {
        return new Configuration(Arrays.stream(voters).boxed().toList(), List.of(), List.of());
    }

    public boolean isJoint() {
        return !outgoing.isEmpty();
    }

    public boolean isVoter(long member) {
        return voters.contains(member) || outgoing.contains(member);
    }

    public boolean contains(long member) {
        return isVoter(member) || learners.contains(member);
    }

    private static List<Long> sorted(List<Long> members) {
        List<Long> result = members.stream().sorted().toList();
        for (int i = 0; i < result.size(); i++) {
            Invariants.check(result.get(i) != 0, "0 is nobody's id");
            Invariants.check(i == 0 || !result.get(i).equals(result.get(i - 1)), "%s twice", result.get(i));
        }
        return result;
    }
}
