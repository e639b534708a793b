package io.metcd.raft;

import io.metcd.base.Invariants;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Linearizable reads without a log entry (thesis §6.4): the leader notes its commit index, hears from a quorum that it
 * still leads, and lets the reads go when that index is applied. All reads of a turn, this member's and others', share
 * one round; the answer to a later round answers the earlier ones.
 *
 * <p>A round that a quorum has answered is also a lease, where the configuration allows that: those members vote for
 * nobody else for an election time-out from then on (thesis §6.4.1).
 */
final class LeaderReads {
    /** More rounds than this mean that the quorum is slow; then new reads share the next one. */
    private static final int ROUNDS_MAX = 64;

    private final Ground ground;
    private final ArrayDeque<Round> rounds = new ArrayDeque<>();
    private ReadIds waiting = new ReadIds();
    private TreeMap<Long, Long> waitingMembers = new TreeMap<>();
    private long context;
    private int pending;

    /** A quorum has promised at this tick or later; -1: none is known to have. */
    private long promisedAt = -1;

    private record Round(long context, long tick, long index, ReadIds ids, TreeMap<Long, Long> members) {}

    LeaderReads(Ground ground) {
        this.ground = ground;
    }

    boolean add(long readId) {
        if (pending >= ground.limits().pendingReadsMax()) {
            return false;
        }
        waiting.add(readId);
        pending++;
        return true;
    }

    /** Another member asks for all its reads up to a batch. */
    void add(long member, long batch) {
        waitingMembers.merge(member, batch, Math::max);
    }

    /** True when reads have come that need a round, and a round can begin. */
    boolean canBegin() {
        return hasUnasked() && rounds.size() < ROUNDS_MAX;
    }

    /** Notes the commit index; the context of the new round must be confirmed by a quorum. */
    void begin() {
        context++;
        rounds.add(new Round(context, ground.now, ground.log.commit(), waiting, waitingMembers));
        waiting = new ReadIds();
        waitingMembers = new TreeMap<>();
    }

    /** A round for the sake of the lease alone. */
    void renew() {
        if (rounds.size() < ROUNDS_MAX) {
            context++;
            rounds.add(new Round(context, ground.now, ground.log.commit(), new ReadIds(), new TreeMap<>()));
        }
    }

    /**
     * Whether nobody else can have been elected. What was sent at a tick may have left just before the next one, and a
     * follower's first tick may come at once; and clocks differ by a tenth.
     */
    boolean isLeaseHeld() {
        long span = (ground.config.electionTicks() - 1) * 9L / 10;
        return promisedAt >= 0 && ground.now - promisedAt < span;
    }

    void forgetLease() {
        promisedAt = -1;
    }

    /** Lets everything go that waits for a round to begin. */
    void answer() {
        answer(new Round(context, ground.now, ground.log.commit(), waiting, waitingMembers));
        waiting = new ReadIds();
        waitingMembers = new TreeMap<>();
    }

    boolean hasUnasked() {
        return waiting.size() > 0 || !waitingMembers.isEmpty();
    }

    boolean isWaiting() {
        return !rounds.isEmpty();
    }

    long context() {
        return context;
    }

    /** A quorum has confirmed all rounds up to this one. */
    void confirmed(long upTo) {
        while (!rounds.isEmpty() && rounds.getFirst().context() <= upTo) {
            Round round = rounds.removeFirst();
            promisedAt = Math.max(promisedAt, round.tick());
            answer(round);
        }
    }

    private void answer(Round round) {
        round.ids().answer(round.index(), ground.outbox);
        pending -= round.ids().size();
        for (Map.Entry<Long, Long> asker : round.members().entrySet()) {
            ground.sendNow(new Message.ReadReply(
                    ground.self(), asker.getKey(), ground.term(), asker.getValue(), round.index()));
        }
        Invariants.check(pending >= 0, "%s reads pending", pending);
    }

    /** It leads no more; the others find out by themselves. */
    void fail() {
        rounds.forEach(round -> round.ids().fail(ground.outbox));
        rounds.clear();
        waiting.fail(ground.outbox);
        waiting = new ReadIds();
        pending = 0;
    }
}
