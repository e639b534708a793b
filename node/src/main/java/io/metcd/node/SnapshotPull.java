package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.journal.Journal;
import io.metcd.journal.SnapshotMark;
import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.raft.Message;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Fetches the state of the cluster in pieces, from the nearest member that holds one, with a few pieces under way at
 * once. A lost piece is asked for again; when a source is lost, the next nearest that holds the same state goes on
 * where it ended. Pieces go to the journal as they come in order; the state is checked as a whole before it counts.
 *
 * <pre>
 *   offered ──► survey: who holds what? ──► pieces, one source after the other ──► arrived
 *                  ▲                          │
 *                  └─ no source left ─────────┤
 *                  └─ the log was cut: newer ─┘   (each time after a longer rest)
 * </pre>
 */
final class SnapshotPull {
    private static final long RETRY_NANOS = 200_000_000L;
    private static final long SURVEY_AGAIN_NANOS = 1_000_000_000L;
    /** An offer makes a pull that has not moved for so long look around again. */
    private static final long STALLED_NANOS = 12_000_000_000L;
    /** All members are told so often that the log behind this state will be needed. */
    private static final long HOLD_NANOS = 10_000_000_000L;
    /** The second time comes sooner: who has just come back does not see all ways at first. */
    private static final long SETTLE_NANOS = 2_000_000_000L;
    /** A piece that took longer shows that there are too many on the way for this path. */
    private static final long SLOW_NANOS = 1_000_000_000L;
    /** Pieces lost one after the other until a source is left. */
    private static final int LOST_MAX = 2;

    /** The way to the other members. */
    interface Route {
        /** Who can be reached, the nearest first. */
        List<Long> nearest();

        /** Whether one is worth leaving the other for. */
        boolean isMuchNearer(long one, long other);

        /** Asks which states there are. */
        void survey(long member, Bytes question, Consumer<Optional<Bytes>> done);

        /** Asks for a piece. */
        void ask(long member, Bytes question, Consumer<Optional<Bytes>> done);
    }

    /**
     * A state that has arrived as a whole, and is not durable yet.
     *
     * @param way how it came
     */
    record Arrived(SnapshotMark mark, Root root, Journal.SnapshotSink sink, Journey way) {}

    /**
     * How a state came, to be told.
     *
     * @param sources members that have sent pieces of it
     */
    record Journey(TreeSet<Long> sources, int pieces, long nanos) {}

    /** One state on its way; replies of an earlier one find that it is over. */
    private static final class Attempt {
        final SnapshotId id;
        final SnapshotReader reader;
        final long beganNanos;
        final TreeSet<Long> sources = new TreeSet<>();
        /** Who holds it, as far as is known; the first is the source. */
        List<Long> holders;

        Optional<SnapshotMark> mark = Optional.empty();
        Optional<Journal.SnapshotSink> sink = Optional.empty();
        /** Pieces that have come before an earlier one. */
        final TreeMap<Integer, Bytes> early = new TreeMap<>();

        /** What was asked for, and of whom. */
        final TreeMap<Integer, Long> underWay = new TreeMap<>();

        int end = Integer.MAX_VALUE;
        /** Pieces asked for at once: one more for each that comes soon, fewer when they come slowly or not at all. */
        int window = 1;

        int lost;
        long nextHold;

        Attempt(SnapshotSurvey.Choice choice, SnapshotReader reader, long nowNanos) {
            this.id = choice.id();
            this.holders = new ArrayList<>(choice.holders());
            this.reader = reader;
            this.nextHold = nowNanos;
            this.beganNanos = nowNanos;
        }

        void leave(long source) {
            holders.remove(source);
            underWay.clear();
            lost = 0;
            window = 1;
        }
    }

    private final int callsMax;
    private final io.metcd.store.Limits storeLimits;
    private final Route route;
    private final Journal journal;
    private final Clock clock;
    private Optional<SnapshotSurvey> survey = Optional.empty();
    private Optional<Attempt> current = Optional.empty();
    private Optional<Arrived> arrived = Optional.empty();
    /** Sources that were left, or whose state did not fit, and how often: they are tried last, until one serves. */
    private final TreeMap<Long, Integer> strikes = new TreeMap<>();

    private long leastIndex;
    private long movedNanos;
    private long notBefore;
    private boolean again;
    /** A state whose pieces did not fit: the next one comes from a single source. */
    private boolean distrusts;

    private final Overtaken overtaken = new Overtaken();
    private long taken;

    SnapshotPull(Limits limits, Route route, Journal journal, Clock clock) {
        this.callsMax = limits.snapshotCallsMax();
        this.storeLimits = StateMachine.LIMITS;
        this.route = route;
        this.journal = journal;
        this.clock = clock;
        this.notBefore = clock.nanos();
    }

    boolean active() {
        return current.isPresent() || survey.isPresent();
    }

    /** How often in a row the log was cut before this member could go on from a state. */
    int overtaken() {
        return overtaken.times();
    }

    /** Pieces that have come. */
    long taken() {
        return taken;
    }

    /** The leader says that the log is not enough any more. */
    void offered(Message.SnapshotOffer offer, long applied, long nowNanos) {
        leastIndex = Math.max(offer.leastIndex(), applied + 1);
        if (current.isPresent() && current.get().id.index() < leastIndex) {
            abandon(); // The log was cut behind it: what is here already would not join it.
            overtaken.happened(nowNanos);
        } else if (!active() && offer.leastIndex() > applied) {
            overtaken.needed(nowNanos);
        }
        if (overtaken.rests(nowNanos)) {
            return; // The leader offers it again.
        }
        boolean stalled = current.isPresent() && survey.isEmpty() && nowNanos - movedNanos >= STALLED_NANOS;
        if (!active() || stalled) {
            survey(nowNanos);
        }
    }

    /** Asks for what is missing; to be called each turn. */
    void flush(long applied, long nowNanos) {
        overtaken.turn(active(), nowNanos);
        if (current.isPresent() && current.get().id.index() <= applied) {
            abandon(); // The log was enough after all.
            overtaken.fetched(nowNanos);
        }
        if (survey.isPresent() && survey.get().isOver(nowNanos)) {
            conclude(survey.get(), nowNanos);
        }
        current.ifPresent(attempt -> flush(attempt, nowNanos));
    }

    /** The state that has arrived, once. */
    Optional<Arrived> take() {
        Optional<Arrived> result = arrived;
        arrived = Optional.empty();
        return result;
    }

    /** This member does not need it any more. */
    void abandon() {
        current.flatMap(attempt -> attempt.sink).ifPresent(Journal.SnapshotSink::abandon);
        current = Optional.empty();
        survey = Optional.empty();
        arrived.ifPresent(state -> state.sink().abandon());
        arrived = Optional.empty();
    }

    private void survey(long nowNanos) {
        List<Long> members = route.nearest();
        SnapshotSurvey begun = new SnapshotSurvey(members, nowNanos);
        survey = Optional.of(begun);
        movedNanos = nowNanos;
        Bytes question = SnapshotCodec.encode(new Question.Which(leastIndex));
        for (long member : members) {
            route.survey(
                    member,
                    question,
                    reply -> held(reply)
                            .ifPresentOrElse(ids -> begun.answered(member, ids), () -> begun.unanswered(member)));
        }
    }

    private static Optional<List<SnapshotId>> held(Optional<Bytes> reply) {
        try {
            return reply.map(SnapshotCodec::decodeHeld);
        } catch (ByteReader.Malformed damaged) {
            return Optional.empty();
        }
    }

    private void conclude(SnapshotSurvey over, long nowNanos) {
        survey = Optional.empty();
        List<Long> order = new ArrayList<>(route.nearest());
        order.sort((a, b) -> strikes.getOrDefault(a, 0) - strikes.getOrDefault(b, 0));
        Optional<SnapshotSurvey.Choice> choice = over.choose(order, leastIndex, current.map(attempt -> attempt.id));
        if (choice.isEmpty()) {
            notBefore = nowNanos + SURVEY_AGAIN_NANOS; // The pieces that are here are kept, should a source come back.
            return;
        }
        if (current.isPresent() && current.get().id.equals(choice.get().id())) {
            current.get().holders = new ArrayList<>(choice.get().holders());
            current.get().underWay.clear(); // They have just answered: no use in waiting for what may be lost.
            return;
        }
        abandon();
        Attempt attempt = new Attempt(choice.get(), new SnapshotReader(storeLimits), nowNanos);
        if (distrusts) {
            attempt.holders.subList(1, attempt.holders.size()).clear();
        }
        current = Optional.of(attempt);
    }

    private void flush(Attempt attempt, long nowNanos) {
        if (again) {
            again = false;
            notBefore = nowNanos + RETRY_NANOS;
        }
        if (nowNanos - attempt.nextHold >= 0) {
            boolean first = nowNanos == attempt.beganNanos;
            attempt.nextHold = nowNanos + (first ? SETTLE_NANOS : HOLD_NANOS);
            turnToNearer(attempt);
            hold(attempt);
        }
        if (nowNanos - notBefore < 0) {
            return;
        }
        if (attempt.holders.isEmpty()) {
            if (survey.isEmpty()) {
                survey(nowNanos);
            }
            return;
        }
        if (!attempt.sink.map(Journal.SnapshotSink::hasRoom).orElse(true)) {
            return;
        }
        int first = attempt.reader.nextChunk();
        long source = attempt.holders.get(0);
        for (int number = first; number < first + attempt.window && number < attempt.end; number++) {
            if (!attempt.early.containsKey(number) && attempt.underWay.putIfAbsent(number, source) == null) {
                ask(attempt, source, number);
            }
        }
    }

    private void turnToNearer(Attempt attempt) {
        for (long member : route.nearest()) {
            int at = attempt.holders.indexOf(member);
            if (at > 0 && !strikes.containsKey(member) && route.isMuchNearer(member, attempt.holders.get(0))) {
                attempt.holders.remove(at);
                attempt.holders.add(0, member);
                return;
            }
        }
    }

    /** Everybody keeps the log behind it; and who holds it, too, may be the next source. */
    private void hold(Attempt attempt) {
        Bytes question = SnapshotCodec.encode(new Question.Hold(attempt.id));
        for (long member : route.nearest()) {
            route.survey(member, question, reply -> {
                boolean holds = held(reply).orElse(List.of()).contains(attempt.id);
                if (holds && !distrusts && !attempt.holders.contains(member)) {
                    attempt.holders.add(member);
                }
            });
        }
    }

    private void ask(Attempt attempt, long source, int number) {
        Bytes request = SnapshotCodec.encode(new Question.Piece(attempt.id, number));
        long asked = clock.nanos();
        route.ask(source, request, reply -> {
            attempt.underWay.remove(number, source);
            if (current.isPresent() && current.get() == attempt) {
                take(attempt, new Asked(source, number, asked), reply);
            }
        });
    }

    /** A question that was answered, or was not. */
    private record Asked(long source, int number, long nanos) {}

    private void take(Attempt attempt, Asked asked, Optional<Bytes> reply) {
        Optional<Answer> answer = answer(asked, reply);
        if (answer.isEmpty()) {
            lost(attempt, asked.source);
            return;
        }
        switch (answer.get().status()) {
            case GONE -> attempt.leave(asked.source);
            case SOON -> {
                movedNanos = clock.nanos();
                again = true;
            }
            case END -> attempt.end = Math.min(attempt.end, asked.number);
            case PIECE -> {
                came(attempt, asked);
                accept(attempt, asked, answer.get());
            }
        }
    }

    /** Empty for one that is lost, or damaged. */
    private static Optional<Answer> answer(Asked asked, Optional<Bytes> reply) {
        try {
            return reply.map(SnapshotCodec::decodeAnswer)
                    .filter(each ->
                            each.configuration().isEmpty() || SnapshotReader.isChunk(asked.number, each.piece()));
        } catch (ByteReader.Malformed damaged) {
            return Optional.empty();
        }
    }

    private void lost(Attempt attempt, long source) {
        if (attempt.holders.isEmpty() || attempt.holders.get(0) != source) {
            return; // It was left before.
        }
        again = true;
        attempt.window = 1;
        attempt.lost++;
        if (attempt.lost >= LOST_MAX || !route.nearest().contains(source)) {
            strikes.merge(source, 1, Integer::sum);
            attempt.leave(source);
        }
    }

    private void came(Attempt attempt, Asked asked) {
        movedNanos = clock.nanos();
        taken++;
        attempt.lost = 0;
        attempt.sources.add(asked.source);
        boolean slow = movedNanos - asked.nanos > SLOW_NANOS;
        attempt.window = slow ? Math.max(1, attempt.window - 1) : Math.min(attempt.window + 1, callsMax);
    }

    private void accept(Attempt attempt, Asked asked, Answer answer) {
        if (asked.number < attempt.reader.nextChunk()) {
            return; // Another source was quicker.
        }
        if (attempt.mark.isEmpty()) {
            SnapshotMark mark = new SnapshotMark(
                    attempt.id.index(),
                    attempt.id.term(),
                    answer.configuration().orElseThrow());
            attempt.mark = Optional.of(mark);
            attempt.sink = Optional.of(journal.snapshot(mark));
        }
        attempt.early.put(asked.number, answer.piece());
        try {
            join(attempt, attempt.sink.orElseThrow());
        } catch (ByteReader.Malformed damaged) {
            attempt.sources.forEach(source -> strikes.merge(source, 1, Integer::sum));
            distrusts = true;
            abandon(); // Each piece is whole, and they do not fit together: from the beginning, with the next offer.
        }
    }

    private void join(Attempt attempt, Journal.SnapshotSink sink) {
        for (Bytes next = attempt.early.remove(attempt.reader.nextChunk());
                next != null;
                next = attempt.early.remove(attempt.reader.nextChunk())) {
            sink.write(next);
            if (attempt.reader.accept(next)) {
                finish(attempt, sink);
                return;
            }
        }
    }

    private void finish(Attempt attempt, Journal.SnapshotSink sink) {
        Root root = attempt.reader.root();
        if (!SnapshotId.of(root).equals(attempt.id)) {
            throw new ByteReader.Malformed("another state than was asked for");
        }
        current = Optional.empty();
        survey = Optional.empty();
        distrusts = false;
        attempt.sources.forEach(strikes::remove);
        overtaken.fetched(clock.nanos());
        Journey way = new Journey(attempt.sources, attempt.reader.nextChunk(), clock.nanos() - attempt.beganNanos);
        arrived = Optional.of(new Arrived(attempt.mark.orElseThrow(), root, sink, way));
    }
}
