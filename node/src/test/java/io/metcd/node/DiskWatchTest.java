package io.metcd.node;

import static io.metcd.node.Cluster.MILLI;
import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.raft.MemberProgress;
import io.metcd.raft.RaftStatus;
import io.metcd.raft.Role;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a leader's disk is a reason to let another lead. The members are 1, which is watched, 2 and 3. */
class DiskWatchTest {
    private static final Configuration THREE = Configuration.of(1, 2, 3);

    private DiskWatch watch = new DiskWatch(SECOND, 0);
    private final List<Long> matches = new ArrayList<>(List.of(10L, 10L));
    private Role role = Role.LEADER;
    private boolean thirdIsHeard = true;
    private long last = 10;
    private long durable = 10;
    private long commit = 10;
    private long now;

    @Test
    void whatOthersHaveCommittedAndTheLeadersDiskHasNotLetsAnotherLeadAfterAnElectionTimeout() {
        given(11);
        committedByTheOthers(11);

        assertThat(successorWithin(SECOND)).as("an election time-out").isEmpty();

        assertThat(successorWithin(40 * MILLI)).isPresent();
    }

    @Test
    void theSuccessorIsTheVoterThatHoldsTheMostOfThoseThatAreHeard() {
        given(11);
        given(13);
        committedByTheOthers(11);
        matches.set(1, 13L);

        assertThat(successorWithin(2 * SECOND)).hasValue(3L);
    }

    @Test
    void whoLacksWhatIsCommittedOrIsNotHeardDoesNotSucceed() {
        given(12);
        committedByTheOthers(12);
        matches.set(0, 11L);
        thirdIsHeard = false;

        assertThat(successorWithin(5 * SECOND)).isEmpty();
    }

    @Test
    void whereAllDisksAreSlowNobodyStepsDown() {
        given(11);
        matches.set(0, 11L);
        assertThat(successorWithin(3 * SECOND)).as("nothing is committed").isEmpty();

        committedByTheOthers(11);

        assertThat(successorWithin(6 * SECOND))
                .as("this disk needs two writes for it")
                .isEmpty();
        durable = 11;
        assertThat(successorWithin(60 * SECOND)).isEmpty();
    }

    @Test
    void ofAnEntryThatWasUnderWayBeforeItIsNotKnownHowLongTheOthersTook() {
        given(11);
        successorWithin(500 * MILLI);
        given(12);
        successorWithin(1400 * MILLI);
        durable = 11;
        look();
        committedByTheOthers(12);

        assertThat(successorWithin(3 * SECOND)).isEmpty();
    }

    @Test
    void oneQuickCommitmentAmongSlowOnesProvesNothing() {
        given(11);
        successorWithin(2 * SECOND);
        committedByTheOthers(11);
        durable = 11;
        look();
        given(12);
        committedByTheOthers(12);

        assertThat(successorWithin(3 * SECOND)).isEmpty();
        for (int quick = 13; quick < 16; quick++) {
            durable = quick - 1L;
            given(quick);
            committedByTheOthers(quick);
        }
        assertThat(successorWithin(3 * SECOND)).isPresent();
    }

    @Test
    void aDiskThatLagsButArrivesInTimeIsNone() {
        for (int entry = 11; entry < 100; entry++) {
            given(entry);
            committedByTheOthers(entry);
            assertThat(successorWithin(400 * MILLI)).isEmpty();
            durable = entry - 1L;
        }
        assertThat(watch.alarm()).isEmpty();
    }

    @Test
    void whoHasSteppedDownAndLeadsAgainTakesARest() {
        given(11);
        committedByTheOthers(11);
        assertThat(successorWithin(2 * SECOND)).isPresent();

        assertThat(successorWithin(8 * SECOND)).as("in the rest").isEmpty();
        assertThat(successorWithin(3 * SECOND)).isPresent();
    }

    @Test
    void aShortElectionTimeoutMakesNoDiskSlow() {
        watch = new DiskWatch(100 * MILLI, 0);
        given(11);
        committedByTheOthers(11);

        assertThat(successorWithin(SECOND)).isEmpty();
        assertThat(watch.alarm()).isEmpty();
        assertThat(successorWithin(40 * MILLI)).isPresent();
    }

    @Test
    void aPauseOfTheProcessIsNoFaultOfTheDisk() {
        given(11);
        committedByTheOthers(11);
        assertThat(successorWithin(100 * MILLI)).isEmpty();

        now += 30 * SECOND;

        assertThat(successorWithin(500 * MILLI)).isEmpty();
        assertThat(watch.alarm()).isEmpty();
    }

    @Test
    void aFullDiskIsAReasonAtOnceButNotInFavourOfAnother() {
        look();

        assertThat(watch.successor(status(), true, member -> member == 2, now)).hasValue(3L);
        DiskWatch another = new DiskWatch(SECOND, now);
        assertThat(another.successor(status(), true, member -> true, now)).isEmpty();
    }

    @Test
    void aFollowerSaysThatItsDiskIsSlowAndHasNothingToHandOver() {
        role = Role.FOLLOWER;
        given(11);
        committedByTheOthers(11);

        assertThat(successorWithin(3 * SECOND)).isEmpty();

        assertThat(watch.alarm()).hasValueSatisfying(text -> assertThat(text).contains("disk is slow", "3 s ago"));
        durable = 11;
        look();
        assertThat(watch.alarm()).isEmpty();
    }

    @Test
    void whatWasCutOffTheLogIsNotWaitedFor() {
        role = Role.FOLLOWER;
        given(15);
        successorWithin(3 * SECOND);
        last = 12;
        durable = 12;

        look();

        assertThat(watch.alarm()).isEmpty();
    }

    private void given(long index) {
        last = index;
        look();
    }

    private void committedByTheOthers(long index) {
        commit = index;
        matches.replaceAll(match -> index);
    }

    /** Looks fifty times a second, as turns do, until somebody is to lead. */
    private Optional<Long> successorWithin(long nanos) {
        for (long end = now + nanos; now < end; ) {
            now += 20 * MILLI;
            look();
            Optional<Long> successor = watch.successor(status(), false, member -> false, now);
            if (successor.isPresent()) {
                return successor;
            }
        }
        return Optional.empty();
    }

    private void look() {
        watch.look(status(), now);
    }

    private RaftStatus status() {
        List<MemberProgress> progress = List.of(
                new MemberProgress(2, matches.get(0), true, false),
                new MemberProgress(3, matches.get(1), thirdIsHeard, false));
        return new RaftStatus(
                1,
                role,
                5,
                1,
                role == Role.LEADER ? 1 : 2,
                commit,
                commit,
                durable,
                1,
                last,
                0,
                THREE,
                false,
                0,
                role == Role.LEADER ? progress : List.of());
    }
}
