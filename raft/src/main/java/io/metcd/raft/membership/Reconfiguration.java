package io.metcd.raft.membership;

import io.metcd.raft.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * How one configuration becomes another. When no more than one voter comes or goes, any majority of the one and any
 * majority of the other have a member in common, and one step will do (thesis §4.1). Otherwise the way leads through a
 * joint configuration, in which every decision needs both majorities (thesis §4.3):
 *
 * <pre>
 *   1 2 3  ──►  1 2 4 with 1 2 3 outgoing  ──►  1 2 4
 * </pre>
 *
 * Learners come and go at any step.
 */
public final class Reconfiguration {
    private Reconfiguration() {}

    /** Why a plain configuration may not follow another; empty: it may. */
    public static Optional<Refusal> objection(Configuration now, Configuration target) {
        if (target.isJoint()) {
            return Optional.of(Refusal.JOINT);
        }
        if (target.voters().isEmpty()) {
            return Optional.of(Refusal.WOULD_LOSE_VOTERS);
        }
        if (target.voters().size() > Configuration.VOTERS_MAX
                || target.learners().size() > Configuration.LEARNERS_MAX) {
            return Optional.of(Refusal.TOO_MANY_MEMBERS);
        }
        if (target.equals(now)) {
            return Optional.of(Refusal.SAME);
        }
        boolean demotes = target.learners().stream().anyMatch(now.voters()::contains);
        return demotes && !isOneStep(now, target) ? Optional.of(Refusal.DEMOTES_VOTER) : Optional.empty();
    }

    /** The next configuration on the way from a plain one to another: the target itself, or a joint one. */
    public static Configuration enter(Configuration now, Configuration target) {
        return isOneStep(now, target) ? target : new Configuration(target.voters(), target.learners(), now.voters());
    }

    /** What follows a joint configuration. */
    public static Configuration leave(Configuration joint) {
        return new Configuration(joint.voters(), joint.learners(), List.of());
    }

    private static boolean isOneStep(Configuration now, Configuration target) {
        long come = target.voters().stream()
                .filter(voter -> !now.voters().contains(voter))
                .count();
        long go = now.voters().stream()
                .filter(voter -> !target.voters().contains(voter))
                .count();
        return come + go <= 1;
    }
}
