package io.metcd.raft;

import io.metcd.base.Invariants;
import io.metcd.raft.progress.Retry;
import io.metcd.raft.progress.RoundTrip;
import java.util.ArrayDeque;

/**
 * Linearizable reads of a follower: the leader is asked for a read index once for all reads of a turn (thesis §6.4),
 * and again when the answer does not come. An answer holds for every batch up to its own, for each of those reads had
 * begun before the leader looked at its commitment.
 *
 * <p>Batches are numbered from a random origin, lest an answer to a former life of this member in the same term, late,
 * pass for one to this life.
 */
final class FollowerReads {
    private static final int ORIGIN_BITS = 30;

    private final Ground ground;
    private final RoundTrip roundTrip = new RoundTrip();
    private final Retry retry;
    private final long origin;
    private final ArrayDeque<Batch> asked = new ArrayDeque<>();
    private ReadIds waiting = new ReadIds();
    private long batches;
    private int pending;

    private record Batch(long number, ReadIds ids, long tick) {}

    FollowerReads(Ground ground) {
        this.ground = ground;
        this.retry = new Retry(roundTrip, 1);
        this.origin = ground.random.between(1, 1L << ORIGIN_BITS) << 32;
    }

    boolean add(long readId) {
        if (pending >= ground.limits().pendingReadsMax()) {
            return false;
        }
        waiting.add(readId);
        pending++;
        return true;
    }

    /** Asks for the reads that have come since. */
    void prepare(long leader) {
        if (waiting.size() > 0) {
            batches++;
            Invariants.check(batches < 1L << 32, "%s batches of one leader", batches);
            asked.add(new Batch(origin + batches, waiting, ground.now));
            waiting = new ReadIds();
            ask(leader);
            retry.start(ground.now);
        }
    }

    void tick(long leader) {
        if (!asked.isEmpty() && retry.isDueCheaply(ground.now)) {
            ask(leader);
            retry.again(ground.now);
        }
    }

    void reply(Message.ReadReply reply) {
        if (reply.batch() <= origin || reply.batch() > origin + batches) {
            return;
        }
        while (!asked.isEmpty() && asked.getFirst().number() <= reply.batch()) {
            Batch batch = asked.removeFirst();
            if (batch.number() == reply.batch()) {
                roundTrip.measure(ground.now - batch.tick());
            }
            batch.ids().answer(reply.index(), ground.outbox);
            pending -= batch.ids().size();
        }
        Invariants.check(pending >= 0, "%s reads pending", pending);
    }

    /** The leader is gone: whoever asked must ask again. */
    void fail() {
        asked.forEach(batch -> batch.ids().fail(ground.outbox));
        asked.clear();
        waiting.fail(ground.outbox);
        waiting = new ReadIds();
        pending = 0;
    }

    private void ask(long leader) {
        ground.sendNow(new Message.ReadRequest(ground.self(), leader, ground.term(), origin + batches));
    }
}
