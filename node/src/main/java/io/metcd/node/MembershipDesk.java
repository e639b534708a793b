package io.metcd.node;

import io.metcd.base.Bytes;
import io.metcd.raft.Proposal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.membership.Configuration;
import io.metcd.store.MemberRules;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import io.metcd.store.session.Session;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Changes of membership, as the leader makes them: one at a time, each checked against the state with all earlier ones
 * in it, and proposed together with the configuration that it leads to. A change that is refused is answered through the
 * log as well, so that who asked for it hears once, from its own member, whatever becomes of this leader.
 *
 * <p>The leader makes changes of its own, too: a substitute that has caught up takes the place of the earlier lives of
 * its name.
 */
final class MembershipDesk {
    /** A change that waits, and its identity. */
    private record Asked(Envelope envelope, MemberCommand command) {
        Bytes refused(Refusal refusal) {
            MemberCommand refuse = new MemberCommand.Refuse(refusal);
            return new Envelope(envelope.origin(), envelope.caller(), refuse).encode();
        }
    }

    private final Raft raft;
    private final Membership membership;
    private final QuorumHealth health;
    private final Pilot pilot;
    private final Limits limits;
    private final ArrayDeque<Asked> waiting = new ArrayDeque<>();
    /** Where the last change stands in the log: the next one waits until it is applied. */
    private long underWay;

    MembershipDesk(Raft raft, Membership membership, MeshHints hints, Pilot pilot, Limits limits) {
        this.raft = raft;
        this.membership = membership;
        this.health = new QuorumHealth(membership, hints);
        this.pilot = pilot;
        this.limits = limits;
    }

    /** A change to be made; false if this leader has no room for one more. */
    boolean take(Envelope envelope, MemberCommand command) {
        Asked asked = new Asked(envelope, command);
        if (waiting.size() >= limits.changesMax()) {
            return raft.propose(List.of(asked.refused(Refusal.TOO_MANY_CHANGES))) instanceof Proposal.Accepted;
        }
        waiting.add(asked);
        return true;
    }

    /** Goes on with what waits; to be called by a leader that has applied an entry of its own term. */
    void turn(RaftStatus status, Root root, long nowNanos) {
        boolean changing = status.changePending() || root.appliedIndex() < underWay;
        Optional<MemberCommand> advised = pilot.look(status, changing || !waiting.isEmpty(), nowNanos);
        if (changing) {
            return;
        }
        if (waiting.isEmpty()) {
            substitution(status)
                    .or(() -> advised)
                    .ifPresent(command -> waiting.add(new Asked(Envelope.of(command), command)));
        }
        waiting.removeIf(asked -> !isFresh(asked.envelope().origin(), root));
        Asked next = waiting.peek();
        if (next == null) {
            completed(status);
        } else if (proposed(next, status, root, nowNanos)) {
            waiting.remove();
        }
    }

    /** A voter that was the second when it was added has the log now, and votes. */
    private void completed(RaftStatus status) {
        Configuration now = status.configuration();
        for (MemberState member : membership.voters()) {
            boolean there = now.learners().contains(member.id()) && health.isReached(member.id());
            if (there && Pilot.isCaughtUp(member.id(), status)) {
                Configuration target = target(new MemberCommand.Promote(member.id(), List.of()), now)
                        .orElseThrow();
                Bytes nothing = Envelope.of(new Command.Noop()).encode();
                if (raft.proposeConfiguration(target, nothing) instanceof Proposal.Accepted accepted) {
                    underWay = accepted.lastIndex();
                }
                return;
            }
        }
    }

    /** This member does not lead any more: whoever asked asks the next leader. */
    void clear() {
        waiting.clear();
        underWay = 0;
        pilot.rest();
    }

    /** What was made or refused before is answered, and asked for by a packet that came late. */
    private static boolean isFresh(Envelope.Origin origin, Root root) {
        return origin.member() == 0
                || root.sessions().get(origin.member(), Session.NEW).verdict(origin.incarnation(), origin.sequence())
                        == Session.Verdict.FRESH;
    }

    /** True if the change, or its refusal, stands in the log. */
    private boolean proposed(Asked asked, RaftStatus status, Root root, long nowNanos) {
        MemberCommand command = asked.command();
        Optional<Refusal> refusal = objection(command, status, root, nowNanos);
        if (refusal.isPresent()) {
            return raft.propose(List.of(asked.refused(refusal.get()))) instanceof Proposal.Accepted;
        }
        Optional<Configuration> target = target(command, status.configuration());
        Bytes envelope = asked.envelope().encode();
        Proposal proposal = target.isPresent()
                ? raft.proposeConfiguration(target.get(), envelope)
                : raft.propose(List.of(envelope));
        if (proposal instanceof Proposal.Accepted accepted) {
            underWay = accepted.lastIndex();
            return true;
        }
        return proposal instanceof Proposal.Refused refused && isFinal(refused.reason(), asked);
    }

    /** As etcd, which looks at its quorum before it looks at a member that is to be added. */
    private Optional<Refusal> objection(MemberCommand command, RaftStatus status, Root root, long nowNanos) {
        Optional<Refusal> rules =
                MemberRules.objection(root, command, limits.learnersMax()).or(() -> crowded(command));
        Optional<Refusal> quorum = health.objection(command, status, nowNanos);
        return command instanceof MemberCommand.Add ? quorum.or(() -> rules) : rules.or(() -> quorum);
    }

    /** Whether consensus will never take the change; then its refusal stands in the log. */
    private boolean isFinal(io.metcd.raft.Refusal reason, Asked asked) {
        return switch (reason) {
            case CHANGE_PENDING, NOT_READY, TRANSFERRING -> false;
            case WOULD_LOSE_VOTERS ->
                raft.propose(List.of(asked.refused(Refusal.NOT_ENOUGH_STARTED))) instanceof Proposal.Accepted;
            case SAME, JOINT, DEMOTES_VOTER, TOO_MANY_MEMBERS, UNKNOWN_MEMBER, NOT_A_VOTER ->
                raft.propose(List.of(asked.refused(Refusal.MEMBER_EXISTS))) instanceof Proposal.Accepted;
        };
    }

    private Optional<Refusal> crowded(MemberCommand command) {
        boolean standby =
                command instanceof MemberCommand.Add add && add.member().standing() == Standing.STANDBY;
        boolean full = membership.standbys() >= limits.standbysMax();
        return standby && full ? Optional.of(Refusal.TOO_MANY_LEARNERS) : Optional.empty();
    }

    /** Empty for a change that concerns no vote. */
    private static Optional<Configuration> target(MemberCommand command, Configuration now) {
        List<Long> voters = new ArrayList<>(now.voters());
        List<Long> learners = new ArrayList<>(now.learners());
        if (command instanceof MemberCommand.Add add) {
            // A second voter would have to agree to its own coming before it is there: it votes once it has the log.
            boolean votes = add.member().votes() && voters.size() > 1;
            (votes ? voters : learners).add(add.member().id());
        } else if (command instanceof MemberCommand.Remove remove) {
            voters.remove((Long) remove.id());
            learners.remove((Long) remove.id());
        } else if (command instanceof MemberCommand.Promote promote) {
            voters.removeAll(promote.replaced());
            learners.removeAll(promote.replaced());
            learners.remove((Long) promote.id());
            voters.add(promote.id());
        } else {
            return Optional.empty();
        }
        return Optional.of(new Configuration(voters, learners, List.of()));
    }

    /** What a leader changes by itself: substitutes that are ready, and those that will never be. */
    private Optional<MemberCommand> substitution(RaftStatus status) {
        for (MemberState substitute : membership.known()) {
            if (substitute.standing() != Standing.SUBSTITUTE) {
                continue;
            }
            List<Long> namesakes = membership.namesakes(substitute, status.configuration());
            boolean ready = namesakes.stream().noneMatch(health::isReached) && !pilot.decidesOn(substitute, namesakes);
            if (ready && Pilot.isCaughtUp(substitute.id(), status)) {
                return Optional.of(new MemberCommand.Promote(substitute.id(), namesakes));
            }
            boolean succeeded = namesakes.stream()
                    .flatMap(each -> membership.known(each).stream())
                    .anyMatch(each -> each.incarnation() > substitute.incarnation());
            if (succeeded && !health.isReached(substitute.id())) {
                return Optional.of(new MemberCommand.Remove(substitute.id(), true));
            }
        }
        return Optional.empty();
    }
}
