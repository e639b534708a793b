package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.node.SnapshotCodec.Status;
import io.metcd.raft.Message;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotReader;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Fetches another member's state, piece by piece, with a few pieces under way at once. A lost piece is asked for again;
 * a source that no longer serves the snapshot is asked for a new one from the beginning. Pieces go to the journal as
 * they come in order; the state is checked as a whole before it counts.
 */
final class SnapshotPull {
    private static final long RETRY_NANOS = 200_000_000L;
    /** An offer takes over from a pull that has not moved for so long. */
    private static final long STALLED_NANOS = 12_000_000_000L;

    /** The way to the source. */
    interface Route {
        void ask(long member, Bytes request, Consumer<Optional<Bytes>> done);
    }

    /** A state that has arrived as a whole, and is not durable yet. */
    record Arrived(SnapshotMark mark, Root root, Journal.SnapshotSink sink) {}

    /** One attempt; replies of an earlier one find that it is over. */
    private static final class Attempt {
        final long member;
        final long least;
        final SnapshotReader reader;
        Optional<SnapshotMark> mark = Optional.empty();
        Optional<Journal.SnapshotSink> sink = Optional.empty();
        /** Pieces that have come before an earlier one. */
        final TreeMap<Integer, Bytes> early = new TreeMap<>();

        final TreeSet<Integer> underWay = new TreeSet<>();
        int end = Integer.MAX_VALUE;
        /** Pieces asked for at once: one more for each that comes, one alone after one that does not. */
        int window = 1;

        Attempt(long member, long least, SnapshotReader reader) {
            this.member = member;
            this.least = least;
            this.reader = reader;
        }
    }

    private final Limits limits;
    private final io.metcd.store.Limits storeLimits;
    private final Route route;
    private final Journal journal;
    private Optional<Attempt> current = Optional.empty();
    private Optional<Arrived> arrived = Optional.empty();
    private long movedNanos;
    private long notBefore;
    private boolean again;

    SnapshotPull(Limits limits, io.metcd.store.Limits storeLimits, Route route, Journal journal) {
        this.limits = limits;
        this.storeLimits = storeLimits;
        this.route = route;
        this.journal = journal;
    }

    boolean active() {
        return current.isPresent();
    }

    /** The leader says that the log is not enough any more. */
    void offered(Message.SnapshotOffer offer, long nowNanos) {
        boolean busy = current.isPresent() && nowNanos - movedNanos < STALLED_NANOS;
        if (!busy) {
            begin(offer.from(), offer.snapshotIndex(), nowNanos);
        }
    }

    /** Asks for what is missing; to be called each turn. */
    void flush(long nowNanos) {
        if (current.isEmpty()) {
            return;
        }
        Attempt attempt = current.get();
        if (again) {
            again = false;
            notBefore = nowNanos + RETRY_NANOS;
        }
        if (nowNanos - notBefore < 0) {
            return;
        }
        if (!attempt.sink.map(Journal.SnapshotSink::hasRoom).orElse(true)) {
            return;
        }
        int first = attempt.reader.nextChunk();
        for (int number = first; number < first + attempt.window && number < attempt.end; number++) {
            if (!attempt.early.containsKey(number) && attempt.underWay.add(number)) {
                ask(attempt, number, nowNanos);
            }
        }
    }

    /** The state that has arrived, once. */
    Optional<Arrived> take() {
        Optional<Arrived> taken = arrived;
        arrived = Optional.empty();
        return taken;
    }

    /** This member does not need it any more. */
    void abandon() {
        current.flatMap(attempt -> attempt.sink).ifPresent(Journal.SnapshotSink::abandon);
        current = Optional.empty();
        arrived.ifPresent(state -> state.sink().abandon());
        arrived = Optional.empty();
    }

    private void begin(long member, long least, long nowNanos) {
        abandon();
        movedNanos = nowNanos;
        current = Optional.of(new Attempt(member, least, new SnapshotReader(storeLimits)));
    }

    private void ask(Attempt attempt, int number, long nowNanos) {
        long index = attempt.mark.map(SnapshotMark::index).orElse(0L);
        Bytes request = SnapshotCodec.encode(new Question(index, attempt.least, number));
        route.ask(attempt.member, request, reply -> {
            attempt.underWay.remove(number);
            if (current.isPresent() && current.get() == attempt) {
                take(attempt, number, reply, nowNanos);
            }
        });
    }

    private void take(Attempt attempt, int number, Optional<Bytes> reply, long askedNanos) {
        Answer answer;
        try {
            if (reply.isEmpty()) {
                attempt.window = 1;
                again = true;
                return;
            }
            answer = SnapshotCodec.decodeAnswer(reply.get());
            if (answer.status() == Status.GONE) {
                restart(attempt);
            } else if (answer.status() == Status.END) {
                movedNanos = askedNanos;
                attempt.end = Math.min(attempt.end, number);
            } else {
                movedNanos = askedNanos;
                attempt.window = Math.min(attempt.window + 1, limits.snapshotCallsMax());
                accept(attempt, number, answer);
            }
        } catch (ByteReader.Malformed damaged) {
            restart(attempt);
        }
    }

    /**
     * From the beginning, at the same source. That is no progress: a source that has fallen behind itself would keep
     * this member busy for ever, while the leader of today offers its state in vain.
     */
    private void restart(Attempt attempt) {
        begin(attempt.member, attempt.least, movedNanos);
        again = true;
    }

    private void accept(Attempt attempt, int number, Answer answer) {
        SnapshotMark mark = answer.mark().orElseThrow();
        if (attempt.mark.isEmpty()) {
            attempt.mark = Optional.of(mark);
            attempt.sink = Optional.of(journal.snapshot(mark));
        } else if (!attempt.mark.get().equals(mark)) {
            throw new ByteReader.Malformed("a piece of another snapshot");
        }
        attempt.early.put(number, answer.piece());
        Journal.SnapshotSink sink = attempt.sink.orElseThrow();
        for (Bytes next = attempt.early.remove(attempt.reader.nextChunk());
                next != null;
                next = attempt.early.remove(attempt.reader.nextChunk())) {
            sink.write(next);
            if (attempt.reader.accept(next)) {
                finish(attempt, mark, sink);
                return;
            }
        }
    }

    private void finish(Attempt attempt, SnapshotMark mark, Journal.SnapshotSink sink) {
        Root root = attempt.reader.root();
        if (root.appliedIndex() != mark.index() || root.appliedTerm() != mark.term()) {
            throw new ByteReader.Malformed("the state is as of another index than its mark says");
        }
        current = Optional.empty();
        arrived = Optional.of(new Arrived(mark, root, sink));
    }
}
