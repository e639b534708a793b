package io.metcd.node;

import io.metcd.raft.ReadState;
import io.metcd.store.Root;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/**
 * Linearizable reads. All that have come by the end of a turn share one round of ReadIndex; they are answered as soon
 * as this member has applied what the round says. A round without an answer is asked again; reads that no leader could
 * be asked for wait for one.
 */
final class Reads {
    private static final long RETRY_NANOS = 500_000_000L;

    private record Read(Replica.Span span, Consumer<ReadOutcome> done) {}

    /** Reads that share a round. */
    private static final class Round {
        final List<Read> reads;
        long askedNanos;

        Round(List<Read> reads, long askedNanos) {
            this.reads = reads;
            this.askedNanos = askedNanos;
        }
    }

    /** A round that is answered as soon as the index is applied. */
    private record Confirmed(long index, Round round) {}

    private final Limits limits;
    private final Collection<Runnable> answers;
    private List<Read> arriving = new ArrayList<>();
    /** By read id; a round that was asked again is here under each of its ids. */
    private final TreeMap<Long, Round> asked = new TreeMap<>();

    private final ArrayDeque<Confirmed> confirmed = new ArrayDeque<>();
    private long lastId;
    private long reads;
    private long rounds;

    Reads(Limits limits, Collection<Runnable> answers) {
        this.limits = limits;
        this.answers = answers;
    }

    long count() {
        return reads;
    }

    long rounds() {
        return rounds;
    }

    void read(Replica.Span span, Consumer<ReadOutcome> done) {
        if (arriving.size() >= limits.mailboxMax()) {
            fail(done, Failure.TOO_MANY_REQUESTS);
            return;
        }
        reads++;
        arriving.add(new Read(span, done));
    }

    /** Starts a round for what has come; {@code ask} is Raft's, false when it cannot be asked now. */
    void flush(long nowNanos, LongPredicate ask) {
        if (!arriving.isEmpty() && asked.size() < limits.readBatchesMax() && ask.test(lastId + 1)) {
            lastId++;
            rounds++;
            asked.put(lastId, new Round(arriving, nowNanos));
            arriving = new ArrayList<>();
        }
    }

    /** Asks again for rounds that have waited long; to be called now and then. */
    void retry(long nowNanos, LongPredicate ask) {
        for (Round round : List.copyOf(asked.values())) {
            if (nowNanos - round.askedNanos >= RETRY_NANOS && ask.test(lastId + 1)) {
                round.askedNanos = nowNanos;
                asked.put(++lastId, round);
            }
        }
    }

    /** Raft has answered a round. */
    void confirmed(ReadState state) {
        Round round = asked.remove(state.readId());
        if (round != null) {
            asked.values().removeIf(other -> other == round);
            confirmed.add(new Confirmed(state.index(), round));
        }
    }

    /** The leader that was asked is gone. */
    void failed(long readId) {
        Round round = asked.remove(readId);
        if (round != null && !asked.containsValue(round)) {
            round.reads.forEach(read -> fail(read.done(), Failure.LEADER_CHANGED));
        }
    }

    /** Answers the rounds whose index is applied. */
    void answer(Root root) {
        Iterator<Confirmed> each = confirmed.iterator();
        while (each.hasNext()) {
            Confirmed next = each.next();
            if (next.index() <= root.appliedIndex()) {
                each.remove();
                ReadOutcome outcome = new ReadOutcome.At(root);
                answers.add(() -> next.round().reads.forEach(read -> read.done().accept(outcome)));
            }
        }
    }

    /** True if something would be answered once more is applied. */
    boolean waitsForApply() {
        return !confirmed.isEmpty();
    }

    /** Answers those whose time is over. */
    void sweep(long nowNanos, LongFunction<Failure> cause) {
        sweep(arriving, nowNanos, cause);
        asked.values().forEach(round -> sweep(round.reads, nowNanos, cause));
        asked.values().removeIf(round -> round.reads.isEmpty());
        confirmed.forEach(each -> sweep(each.round().reads, nowNanos, cause));
        confirmed.removeIf(each -> each.round().reads.isEmpty());
    }

    void failAll(Failure failure) {
        List<Read> all = new ArrayList<>(arriving);
        arriving.clear();
        asked.values().stream().distinct().forEach(round -> all.addAll(round.reads));
        asked.clear();
        confirmed.forEach(each -> all.addAll(each.round().reads));
        confirmed.clear();
        all.forEach(read -> fail(read.done(), failure));
    }

    private void sweep(List<Read> from, long nowNanos, LongFunction<Failure> cause) {
        from.removeIf(read -> {
            boolean over = nowNanos - read.span().deadlineNanos() >= 0;
            if (over) {
                fail(read.done(), cause.apply(read.span().startedNanos()));
            }
            return over;
        });
    }

    private void fail(Consumer<ReadOutcome> done, Failure failure) {
        answers.add(() -> done.accept(new ReadOutcome.Failed(failure)));
    }
}
