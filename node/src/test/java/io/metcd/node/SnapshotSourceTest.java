package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.SnapshotCodec.Answer;
import io.metcd.node.SnapshotCodec.Question;
import io.metcd.node.SnapshotCodec.Status;
import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.store.Root;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotSourceTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LAGGARD = 4;
    private static final long ANOTHER = 3;
    private static final int PIECES = 20;

    private final States states = new States();
    private final SnapshotSource source = new SnapshotSource(Limits.DEFAULT, StateMachine.LIMITS);
    private Root root = states.go(PIECES * States.PER_PIECE);
    private long now;

    private List<SnapshotId> which(long least) {
        return SnapshotCodec.decodeHeld(
                source.asked(LAGGARD, new Question.Which(least), new SnapshotSource.Present(root, CONF, now)));
    }

    private Answer piece(SnapshotId id, int number) {
        return SnapshotCodec.decodeAnswer(
                source.asked(LAGGARD, new Question.Piece(id, number), new SnapshotSource.Present(root, CONF, now)));
    }

    private static final io.metcd.raft.membership.Configuration CONF = States.CONFIGURATION;

    /** As the leader sees it, with everything committed up to 1000. */
    private static RaftStatus leading(MemberProgress... others) {
        return new RaftStatus(1, Role.LEADER, 1, 1, 1, 1000, 1000, 1000, 1, 1000, 0, CONF, false, 0, List.of(others));
    }

    @Test
    void aCheckpointIsHeldWhileTheStateGoesOn() {
        Root checkpoint = root;
        source.keep(checkpoint, CONF);
        root = states.go(100);

        assertThat(which(10)).containsExactly(SnapshotId.of(checkpoint));
        assertThat(piece(SnapshotId.of(checkpoint), 0).configuration()).contains(CONF);
    }

    @Test
    void theStateOfNowIsGivenWhereNoCheckpointIsNewEnough() {
        source.keep(root, CONF);
        root = states.go(100);

        assertThat(which(90)).containsExactly(SnapshotId.of(root));
        assertThat(which(101)).as("newer than anything here").isEmpty();
    }

    @Test
    void aStateThatIsUnknownHereIsGone() {
        SnapshotId foreign = new SnapshotId(root.appliedIndex(), 1, ~root.stateHash());
        assertThat(which(1)).as("another of the same index").hasSize(1);

        assertThat(piece(foreign, 0).status()).isEqualTo(Status.GONE);
        assertThat(source.served()).isZero();
    }

    @Test
    void behindTheLastPieceIsTheEnd() {
        SnapshotId id = which(1).get(0);
        int number = 0;
        while (piece(id, number).status() == Status.PIECE) {
            number++;
        }

        assertThat(number).isBetween(PIECES, PIECES + 2);
        assertThat(piece(id, number).status()).isEqualTo(Status.END);
        assertThat(source.served()).isEqualTo(number);
    }

    @Test
    void whoGoesOnWhereAnotherSourceEndedIsAskedToWaitWhileThePiecesBeforeAreMade() {
        SnapshotId id = which(1).get(0);

        assertThat(piece(id, PIECES - 2).status()).isEqualTo(Status.SOON);
        assertThat(piece(id, PIECES - 2).status()).isEqualTo(Status.SOON);
        assertThat(piece(id, PIECES - 2).status()).isEqualTo(Status.PIECE);
    }

    @Test
    void noMoreStatesAreHeldThanTheLimitAndTheLongestUnusedGoes() {
        SnapshotId first = which(1).get(0);
        for (int i = 1; i <= Limits.DEFAULT.snapshotPinsMax(); i++) {
            now += SECOND;
            root = states.go(100 + i);
            which(100 + i);
        }

        assertThat(which(1)).hasSize(Limits.DEFAULT.snapshotPinsMax()).doesNotContain(first);
        assertThat(piece(first, 0).status()).isEqualTo(Status.GONE);
    }

    @Test
    void aStateThatNobodyHasAskedForInAMinuteIsLetGo() {
        SnapshotId id = which(1).get(0);
        for (int number = 0; number < 3; number++) {
            now += 59 * SECOND;
            source.sweep(now);
            assertThat(piece(id, number).status()).isEqualTo(Status.PIECE);
        }

        now += 60 * SECOND;
        source.sweep(now);
        assertThat(piece(id, 0).status()).isEqualTo(Status.GONE);
    }

    @Test
    void theLogBehindAStateIsHeldWhileItIsFetchedAndForHalfAMinuteAfterTheLastQuestion() {
        assertThat(source.heldIndex()).isEqualTo(Long.MAX_VALUE);
        SnapshotId id = which(1).get(0);
        assertThat(source.heldIndex()).as("it may yet take any of them").isEqualTo(1);

        for (int number = 0; number < 3; number++) {
            now += 29 * SECOND;
            piece(id, number);
            source.sweep(now);
            assertThat(source.heldIndex()).isEqualTo(id.index());
        }
        now += 30 * SECOND;
        source.sweep(now);
        assertThat(source.heldIndex()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoReadsTheLogBehindItsStateNeedsWhatItHasNotReadYet() {
        SnapshotId id = which(1).get(0);
        piece(id, 0);

        source.follow(leading(new MemberProgress(LAGGARD, 3, true, true)), now);
        assertThat(source.heldIndex()).as("it still fetches").isEqualTo(id.index());

        for (long match = 500; match < 1000; match += 100) {
            now += 29 * SECOND;
            source.follow(leading(new MemberProgress(LAGGARD, match, true, false)), now);
            source.sweep(now);
            assertThat(source.heldIndex()).isEqualTo(match);
        }
        source.follow(leading(new MemberProgress(LAGGARD, 1000, true, false)), now);
        assertThat(source.heldIndex()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void whoFetchesNothingHoldsNoLogHoweverFarBehindItIs() {
        source.follow(leading(new MemberProgress(ANOTHER, 3, true, false)), now);

        assertThat(source.heldIndex()).isEqualTo(Long.MAX_VALUE);
    }
}
