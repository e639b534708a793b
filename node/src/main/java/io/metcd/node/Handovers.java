package io.metcd.node;

import io.metcd.raft.Raft;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** Wishes that another member lead, until it does. */
final class Handovers {
    private record Wish(long target, Replica.Span span, Consumer<Handover> done) {}

    private final Raft raft;
    private final Limits limits;
    private final Collection<Runnable> answers;
    private final List<Wish> wishes = new ArrayList<>();

    Handovers(Raft raft, Limits limits, Collection<Runnable> answers) {
        this.raft = raft;
        this.limits = limits;
        this.answers = answers;
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
    void turn(RaftStatus status, long nowNanos) {
        if (wishes.isEmpty()) {
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

    void failAll() {
        wishes.forEach(wish -> answer(wish, Handover.STOPPED));
        wishes.clear();
    }

    private void answer(Wish wish, Handover handover) {
        answers.add(() -> wish.done().accept(handover));
    }
}
