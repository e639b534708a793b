package io.metcd.node;

import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How long a request waits, and what is said of one that waited in vain. */
class LeaderWatchTest {
    private static final long LEADER = 7;

    private final LeaderWatch watch = new LeaderWatch(SECOND, 0);

    @Test
    void aRequestWaitsFiveSecondsAndTwoElections() { // contract: wire.timeout.1
        ReplicaConfig.Timing timing =
                ReplicaConfig.ephemeral("c", "a", List.of("a"), 1).timing();

        assertThat(timing.requestNanos()).isEqualTo(5 * SECOND + 2 * timing.electionNanos());
    }

    @Test
    void withoutAReasonItHasTimedOut() { // contract: wire.timeout.2
        watch.observe(LEADER, 1, 0);

        assertThat(watch.timedOut(10 * SECOND)).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void whatBeganShortlyBeforeANewLeaderPerhapsDiedWithTheOldOne() { // contract: wire.timeout.2
        watch.observe(LEADER, 1, 0);
        watch.observe(0, 2, 9 * SECOND);
        watch.observe(LEADER + 1, 2, 10 * SECOND);

        assertThat(watch.timedOut(8 * SECOND + 1)).isEqualTo(Failure.TIMED_OUT_LEADER_FAIL);
        assertThat(watch.timedOut(8 * SECOND)).as("two elections before").isEqualTo(Failure.TIMED_OUT);
        assertThat(watch.timedOut(10 * SECOND)).as("when it was there").isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void aWayToTheLeaderThatWasLostMeanwhileIsNamed() { // contract: wire.timeout.2
        watch.observe(LEADER, 1, 0);
        watch.broken(20 * SECOND);

        assertThat(watch.timedOut(19 * SECOND)).isEqualTo(Failure.TIMED_OUT_CONNECTION_LOST);
        assertThat(watch.timedOut(21 * SECOND)).as("it was lost before").isEqualTo(Failure.TIMED_OUT);
        watch.observe(0, 2, 22 * SECOND);
        assertThat(watch.timedOut(19 * SECOND))
                .as("without a leader there is no way to lose")
                .isEqualTo(Failure.TIMED_OUT);
    }
}
