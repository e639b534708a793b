package io.metcd.node;

import io.metcd.journal.Journal;
import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wishes that another member lead, until it does; and this leader's own, when its disk is too slow, or full. */
final class Handovers {
    private static final Logger LOG = LoggerFactory.getLogger(Handovers.class);

    private record Wish(long target, Replica.Span span, Consumer<Handover> done) {}

    private final Raft raft;
    private final Limits limits;
    private final Journal journal;
    private final Collection<Runnable> answers;
    private final DiskWatch disk;
    private final List<Wish> wishes = new ArrayList<>();

    Handovers(Raft raft, ReplicaConfig config, Surroundings around) {
        this.raft = raft;
        this.limits = config.limits();
        this.journal = around.journal();
        this.answers = around.answers();
        this.disk =
                new DiskWatch(config.timing().electionNanos(), around.clock().nanos());
    }

    void ask(long target, Replica.Span span, Consumer<Handover> done) {
        RaftStatus status = raft.status();
        Wish wish = new Wish(target, span, done);
        if (status.role() != Role.LEADER) {
            answer(wish, Handover.NOT_LEADER);
        } else if (!status.configuration().voters().contains(target)) {
            answer(wish, Handover.BAD_TARGET);
        } else if (wishes.size() >= limits.changesMax()) {
            answer(wish, Handover.TIMED_OUT);
        } else {
            wishes.add(wish);
        }
    }

    /** Goes on; to be called in each turn. */
    void turn(RaftStatus status, Root root, long nowNanos) {
        disk.look(status, nowNanos);
        if (wishes.isEmpty()) {
            stepDown(status, root, nowNanos);
            return;
        }
        wishes.removeIf(wish -> {
            boolean done = status.leader() == wish.target();
            boolean over = nowNanos - wish.span().deadlineNanos() >= 0;
            if (done || over) {
                answer(wish, done ? Handover.DONE : Handover.TIMED_OUT);
            }
            return done || over;
        });
        if (!wishes.isEmpty() && status.role() == Role.LEADER && status.transferTarget() == 0) {
            raft.transferLeadership(wishes.get(0).target());
        }
    }

    /** Why an operator should look at this member's disk. */
    Optional<String> alarm() {
        return disk.alarm();
    }

    void failAll() {
        wishes.forEach(wish -> answer(wish, Handover.STOPPED));
        wishes.clear();
    }

    private void stepDown(RaftStatus status, Root root, long nowNanos) {
        boolean full = isFull(status.self(), root) && journal.spaceLow();
        disk.successor(status, full, member -> isFull(member, root), nowNanos).ifPresent(successor -> {
            LOG.warn(
                    "member={} steps-down=yes why={} successor={}",
                    Long.toHexString(status.self()),
                    full ? "its disk is full" : disk.alarm().orElse("its disk is slow"),
                    Long.toHexString(successor));
            raft.transferLeadership(successor);
        });
    }

    /** Whether the cluster knows that a member has no room. */
    private static boolean isFull(long member, Root root) {
        return root.alarms().size() > 0 && root.alarms().contains(new Alarm(member, Alarm.Kind.NOSPACE));
    }

    private void answer(Wish wish, Handover handover) {
        answers.add(() -> wish.done().accept(handover));
    }
}
