package io.metcd.raft;

import io.metcd.base.Invariants;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;

/**
 * Linearizable reads without a log entry (thesis §6.4): the leader notes its commit index, hears from a quorum that it
 * still leads, and lets the reads go when that index is applied. All reads of a turn, this member's and others', share
 * one round; the answer to a later round answers the earlier ones.
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

    private record Round(long context, long index, ReadIds ids, TreeMap<Long, Long> members) {}

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
        return (waiting.size() > 0 || !waitingMembers.isEmpty()) && rounds.size() < ROUNDS_MAX;
    }

    /** Notes the commit index; the context of the new round must be confirmed by a quorum. */
    void begin() {
        context++;
        rounds.add(new Round(context, ground.log.commit(), waiting, waitingMembers));
        waiting = new ReadIds();
        waitingMembers = new TreeMap<>();
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
            round.ids().answer(round.index(), ground.outbox);
            pending -= round.ids().size();
            for (Map.Entry<Long, Long> asker : round.members().entrySet()) {
                ground.sendNow(new Message.ReadReply(
                        ground.self(), asker.getKey(), ground.term(), asker.getValue(), round.index()));
            }
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
