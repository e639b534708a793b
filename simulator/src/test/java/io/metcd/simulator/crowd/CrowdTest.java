package io.metcd.simulator.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A small crowd, so that the large one can be believed; {@code ./dev sim --profile crowd} runs that. */
class CrowdTest {
    private static final long SECOND = Crowd.SECOND;

    private final Crowd crowd = new Crowd(1, 20);

    private long untilAllSeeTheLiving() {
        return Arrays.stream(crowd.until(crowd::seesTheLiving, SECOND / 100, 20 * SECOND))
                .max()
                .orElseThrow();
    }

    @Test
    void peersThatStartColdFindEachOtherMissTheDeadAndMeetAgainAfterSplit() {
        crowd.start();
        assertThat(untilAllSeeTheLiving()).as("ms from cold").isLessThan(10_000);
        crowd.run(5 * SECOND);

        for (int i = 0; i < 6; i++) {
            crowd.kill(crowd.any());
        }
        assertThat(crowd.living()).hasSize(14);
        assertThat(untilAllSeeTheLiving()).as("ms until the dead are missed").isBetween(500L, 1_500L);

        crowd.split();
        crowd.run(5 * SECOND);
        assertThat(crowd.living()).noneMatch(crowd::seesTheLiving);
        crowd.heal();
        assertThat(untilAllSeeTheLiving()).as("ms from the healing").isLessThan(5_000);
    }
}
