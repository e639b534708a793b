package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.journal.MemoryJournal;
import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.node.SnapshotCodec.Status;
import io.metcd.raft.Message;
import io.metcd.store.Root;
import io.metcd.store.snapshot.SnapshotWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Three sources, 1 the nearest, and the member that fetches. */
class SnapshotPullTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;
    private static final long SELF = 4;
    private static final int PIECES = 12;

    private final Mesh mesh = new Mesh();
    private final SnapshotPull pull = new SnapshotPull(Limits.DEFAULT, mesh, new MemoryJournal(), mesh);
    private final States states = new States();
    private Root root = states.go(PIECES * States.PER_PIECE);

    private record Call(long member, Bytes question, Consumer<Optional<Bytes>> done) {}

    /** Answers when it is told to. */
    private final class Mesh implements SnapshotPull.Route, Clock {
        final TreeMap<Long, SnapshotSource> sources = new TreeMap<>();
        final TreeSet<Long> silent = new TreeSet<>();
        /** Who sends pieces of another state, each of them whole. */
        final TreeMap<Long, SnapshotWriter> mistaken = new TreeMap<>();

        final List<Long> near = new ArrayList<>(List.of(1L, 2L, 3L));
        final List<Call> surveys = new ArrayList<>();
        final List<Call> pieces = new ArrayList<>();
        /** Numbers of the pieces that were asked for, and of whom. */
        final List<String> asked = new ArrayList<>();

        long now;

        Mesh() {
            for (long member = 1; member < SELF; member++) {
                sources.put(member, new SnapshotSource(Limits.DEFAULT, StateMachine.LIMITS));
            }
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return now / MILLI;
        }

        @Override
        public List<Long> nearest() {
            return List.copyOf(near);
        }

        @Override
        public boolean isMuchNearer(long one, long other) {
            return one < other;
        }

        @Override
        public void survey(long member, Bytes question, Consumer<Optional<Bytes>> done) {
            surveys.add(new Call(member, question, done));
        }

        @Override
        public void ask(long member, Bytes question, Consumer<Optional<Bytes>> done) {
            Question.Piece piece = (Question.Piece) SnapshotCodec.decodeQuestion(new ByteReader(question));
            asked.add(member + ":" + piece.number());
            pieces.add(new Call(member, question, done));
        }

        void deliver(List<Call> calls) {
            List<Call> now = List.copyOf(calls);
            calls.clear();
            now.forEach(this::deliver);
        }

        private void deliver(Call call) {
            SnapshotSource source = sources.get(call.member);
            if (source == null || silent.contains(call.member)) {
                call.done.accept(Optional.empty());
                return;
            }
            SnapshotSource.Present present = new SnapshotSource.Present(root, States.CONFIGURATION, nanos());
            Question question = SnapshotCodec.decodeQuestion(new ByteReader(call.question));
            SnapshotWriter other = mistaken.get(call.member);
            if (other != null && question instanceof Question.Piece piece) {
                Bytes chunk = other.chunk(piece.number()).orElse(Bytes.EMPTY);
                Answer answer = new Answer(Status.PIECE, Optional.of(States.CONFIGURATION), chunk);
                call.done.accept(Optional.of(SnapshotCodec.encode(answer)));
                return;
            }
            call.done.accept(Optional.of(source.asked(SELF, question, present)));
        }
    }

    private void offer(long leastIndex) {
        Message.SnapshotOffer offer =
                new Message.SnapshotOffer(3, SELF, 1, leastIndex, root.appliedIndex(), 1, States.CONFIGURATION);
        pull.offered(offer, 0, mesh.now);
    }

    /** A turn, after which everything that is on its way arrives. */
    private void turn() {
        mesh.now += 10 * MILLI;
        pull.flush(0, mesh.now);
        mesh.deliver(mesh.surveys);
        mesh.deliver(mesh.pieces);
    }

    private void turns(int count) {
        for (int i = 0; i < count; i++) {
            turn();
        }
    }

    private Optional<SnapshotPull.Arrived> fetch() {
        for (int i = 0; i < 3_000; i++) {
            turn();
            Optional<SnapshotPull.Arrived> arrived = pull.take();
            if (arrived.isPresent()) {
                return arrived;
            }
        }
        return Optional.empty();
    }

    @Test
    void theStateComesFromTheNearestAndNoPieceTwice() {
        offer(1);
        SnapshotPull.Arrived arrived = fetch().orElseThrow();

        assertThat(arrived.root().stateHash()).isEqualTo(root.stateHash());
        assertThat(arrived.mark().configuration()).isEqualTo(States.CONFIGURATION);
        assertThat(arrived.way().sources()).containsExactly(1L);
        assertThat(mesh.asked).doesNotHaveDuplicates().allMatch(each -> each.startsWith("1:"));
        assertThat(pull.active()).isFalse();
    }

    @Test
    void moreAndMorePiecesAreAskedForAtOnceAndNeverMoreThanTheLimit() {
        offer(1);
        turn();
        int most = 0;
        List<Integer> atOnce = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            mesh.now += 10 * MILLI;
            pull.flush(0, mesh.now);
            atOnce.add(mesh.pieces.size());
            most = Math.max(most, mesh.pieces.size());
            mesh.deliver(mesh.surveys);
            mesh.deliver(mesh.pieces.remove(0));
        }

        assertThat(atOnce).startsWith(1, 2, 3, 4, 4);
        assertThat(most).isEqualTo(Limits.DEFAULT.snapshotCallsMax());
    }

    @Test
    void onASlowPathOneIsAskedForAtATime() {
        offer(1);
        turn();
        for (int i = 0; i < 5; i++) {
            pull.flush(0, mesh.now);
            assertThat(mesh.pieces).hasSize(1);
            mesh.now += 1_001 * MILLI;
            mesh.deliver(mesh.surveys);
            mesh.deliver(mesh.pieces);
        }
    }

    @Test
    void whoDoesNotAnswerTheSurveyIsPassedOver() {
        mesh.silent.add(1L);
        offer(1);

        assertThat(fetch().orElseThrow().way().sources()).containsExactly(2L);
        assertThat(mesh.asked).noneMatch(each -> each.startsWith("1:"));
    }

    @Test
    void whenASourceIsLostTheNextGoesOnWhereItEnded() {
        offer(1);
        turns(4);
        long before = pull.taken();
        mesh.silent.add(1L);
        SnapshotPull.Arrived arrived = fetch().orElseThrow();

        assertThat(before).isPositive();
        assertThat(arrived.way().sources()).containsExactly(1L, 2L);
        assertThat(pull.taken())
                .as("no piece came twice")
                .isEqualTo(arrived.way().pieces());
        assertThat(arrived.root().stateHash()).isEqualTo(root.stateHash());
    }

    @Test
    void aSourceThatHasLostTheStateIsLeftAtOnce() {
        offer(1);
        turns(4);
        mesh.sources.put(1L, new SnapshotSource(Limits.DEFAULT, StateMachine.LIMITS));
        root = states.go(PIECES * States.PER_PIECE + 1);
        SnapshotPull.Arrived arrived = fetch().orElseThrow();

        assertThat(arrived.way().sources()).containsExactly(1L, 2L);
        assertThat(arrived.root().appliedIndex()).isEqualTo((long) PIECES * States.PER_PIECE);
        assertThat(pull.taken()).isEqualTo(arrived.way().pieces());
    }

    @Test
    void aSourceWhosePiecesAreOfAnotherStateIsNotAskedAgainFirst() {
        Root another = States.after(PIECES * States.PER_PIECE + 1);
        mesh.mistaken.put(1L, new SnapshotWriter(another, StateMachine.LIMITS));
        offer(1);
        turns(300);
        assertThat(pull.active()).as("the state did not fit").isFalse();

        offer(1);

        SnapshotPull.Arrived arrived = fetch().orElseThrow();
        assertThat(arrived.way().sources()).containsExactly(2L);
        assertThat(arrived.root().stateHash()).isEqualTo(root.stateHash());
    }

    @Test
    void whenAllSourcesAreLostThePiecesWaitForOneToComeBack() {
        offer(1);
        turns(4);
        mesh.silent.addAll(mesh.near);
        turns(500);
        assertThat(pull.active()).isTrue();
        long before = pull.taken();
        mesh.silent.remove(3L);
        SnapshotPull.Arrived arrived = fetch().orElseThrow();

        assertThat(arrived.way().sources()).containsExactly(1L, 3L);
        assertThat(before).isPositive();
        assertThat(pull.taken()).isEqualTo(arrived.way().pieces());
    }

    @Test
    void everybodyIsToldToHoldTheLogBehindTheStateAtOnceAndThenEveryTenSeconds() {
        offer(1);
        turn();
        mesh.silent.addAll(mesh.near); // No piece comes: the state stays on its way.
        mesh.now += 10 * MILLI;
        pull.flush(0, mesh.now);
        assertThat(mesh.surveys).extracting(Call::member).containsExactly(1L, 2L, 3L);
        mesh.surveys.clear();

        mesh.now += 12 * SECOND;
        pull.flush(0, mesh.now);
        assertThat(mesh.surveys).extracting(Call::member).containsExactly(1L, 2L, 3L);
        assertThat(mesh.surveys)
                .extracting(call -> SnapshotCodec.decodeQuestion(new ByteReader(call.question)))
                .containsOnly(new Question.Hold(SnapshotId.of(root)));
    }

    @Test
    void whenTheLogIsCutBehindItANewerStateIsFetchedAtOnceAndTheNextTimeAfterARest() {
        offer(1);
        turns(4);
        root = states.go(100);
        offer(100);
        assertThat(pull.active()).as("once may be a burst").isTrue();
        turns(4);
        root = states.go(200);
        offer(200);
        assertThat(pull.active()).as("it rests").isFalse();
        assertThat(pull.overtaken()).isEqualTo(2);

        mesh.now += 5 * SECOND;
        offer(200);
        SnapshotPull.Arrived arrived = fetch().orElseThrow();
        assertThat(arrived.root().appliedIndex()).isEqualTo(200);
    }

    @Test
    void nothingIsFetchedOnceTheLogWasEnough() {
        offer(1);
        turns(3);
        pull.flush(root.appliedIndex(), mesh.now);

        assertThat(pull.active()).isFalse();
        assertThat(fetch()).isEmpty();
    }
}
