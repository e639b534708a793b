package io.metcd.node;

import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.MemberCommand;
import io.metcd.store.kv.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Whether a cluster would still have its quorum after a change of membership, as far as the leader can see: enough of
 * the voters have been started, and enough of them have been reached for a while.
 */
final class QuorumHealth {
    private static final long REACHED_NANOS = 5_000_000_000L;
    /** A learner must have so many tenths of what the leader has. */
    private static final long READY_TENTHS = 9;

    private static final long TENTHS = 10;

    private final Membership membership;
    private final MeshHints hints;

    QuorumHealth(Membership membership, MeshHints hints) {
        this.membership = membership;
        this.hints = hints;
    }

    boolean isReached(long member) {
        return hints.isReached(member);
    }

    Optional<Refusal> objection(MemberCommand command, RaftStatus status, long nowNanos) {
        List<Long> voters = status.configuration().voters();
        if (command instanceof MemberCommand.Add add) {
            Standing standing = add.member().standing();
            if (standing == Standing.SUBSTITUTE || standing == Standing.STANDBY) {
                return Optional.empty();
            }
            return toAdd(add.member().votes(), withComing(voters), nowNanos);
        }
        if (command instanceof MemberCommand.Remove remove && voters.contains(remove.id())) {
            return toRemove(remove.id(), status, nowNanos);
        }
        if (command instanceof MemberCommand.Promote promote
                && promote.replaced().isEmpty()) {
            return toPromote(promote.id(), status);
        }
        return Optional.empty();
    }

    /** Those who vote, and those who will. */
    private List<Long> withComing(List<Long> voters) {
        TreeSet<Long> all = new TreeSet<>(voters);
        membership.voters().forEach(member -> all.add(member.id()));
        return List.copyOf(all);
    }

    private Optional<Refusal> toAdd(boolean voter, List<Long> voters, long nowNanos) {
        int after = voters.size() + 1;
        int started = started(voters);
        boolean second = started == 1 && after == 2;
        if (voter && !second && started < quorum(after)) {
            return Optional.of(Refusal.NOT_ENOUGH_STARTED);
        }
        boolean healthy = voters.size() == 1 || reached(voters, nowNanos) >= quorum(after);
        return healthy ? Optional.empty() : Optional.of(Refusal.UNHEALTHY_CLUSTER);
    }

    private Optional<Refusal> toRemove(long member, RaftStatus status, long nowNanos) {
        List<Long> voters = status.configuration().voters();
        List<Long> rest = voters.stream().filter(each -> each != member).toList();
        if (rest.isEmpty() || started(rest) < quorum(rest.size())) {
            return Optional.of(Refusal.NOT_ENOUGH_STARTED);
        }
        boolean down = member != status.self() && !hints.isReached(member);
        boolean enough = reached(voters, nowNanos) - 1 >= 1 + (voters.size() - 1) / 2;
        return down || enough ? Optional.empty() : Optional.of(Refusal.UNHEALTHY_CLUSTER);
    }

    private Optional<Refusal> toPromote(long member, RaftStatus status) {
        Optional<MemberProgress> progress = status.progress().stream()
                .filter(each -> each.member() == member)
                .findFirst();
        if (progress.isEmpty()) {
            return Optional.of(Refusal.MEMBER_NOT_FOUND);
        }
        if (progress.get().match() * TENTHS < status.durable() * READY_TENTHS) {
            return Optional.of(Refusal.LEARNER_NOT_READY);
        }
        List<Long> voters = status.configuration().voters();
        boolean enough = started(voters) + 1 >= quorum(voters.size() + 1);
        return enough ? Optional.empty() : Optional.of(Refusal.NOT_ENOUGH_STARTED);
    }

    private int started(List<Long> voters) {
        return (int) voters.stream()
                .filter(voter ->
                        membership.known(voter).map(MemberState::started).orElse(false))
                .count();
    }

    private int reached(List<Long> voters, long nowNanos) {
        return (int) voters.stream()
                .filter(voter -> hints.isReachedSince(voter, nowNanos - REACHED_NANOS))
                .count();
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }
}
