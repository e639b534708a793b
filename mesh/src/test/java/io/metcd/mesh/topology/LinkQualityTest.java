package io.metcd.mesh.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.mesh.Profile;
import org.junit.jupiter.api.Test;

class LinkQualityTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final LinkQuality quality = new LinkQuality(Profile.LAN.timing());
    private long now;

    private int changes(int samples, long rtt) {
        int changes = 0;
        for (int i = 0; i < samples; i++) {
            now += 200 * MILLI;
            if (quality.sample(rtt, now)) {
                changes++;
            }
        }
        return changes;
    }

    @Test
    void silenceOfFourIntervalsIsTheDeadlineOfFastLink() {
        changes(100, MILLI);

        assertThat(quality.deadlineNanos()).isEqualTo(800 * MILLI);
    }

    @Test
    void slowAndUnsteadyLinkIsGivenMoreTime() {
        for (int i = 0; i < 100; i++) {
            changes(1, i % 2 == 0 ? 700 * MILLI : 1_300 * MILLI);
        }

        assertThat(quality.deadlineNanos()).isBetween(2_000 * MILLI, 3_000 * MILLI);
    }

    @Test
    void oneOutlierDoesNotStretchTheDeadlineForLong() {
        changes(20, MILLI);
        changes(1, 600 * MILLI);
        changes(10, MILLI);

        assertThat(quality.deadlineNanos()).isEqualTo(800 * MILLI);
    }

    @Test
    void twoLongPausesBuyNoLongerSilenceThanThreeTimesTheUsual() {
        changes(20, MILLI);
        changes(2, 5 * SECOND);
        changes(2, MILLI);

        assertThat(quality.deadlineNanos()).isEqualTo(2_400 * MILLI);
    }

    @Test
    void firstSampleIsAdvertisedAtOnceAndLaterOnesSeldom() {
        assertThat(changes(1, 40 * MILLI)).isEqualTo(1);
        assertThat(quality.advertisedCost()).isEqualTo(40);

        assertThat(changes(100, 44 * MILLI)).as("less than a quarter more").isZero();
        assertThat(quality.advertisedCost()).isEqualTo(40);

        assertThat(changes(100, 60 * MILLI)).isEqualTo(1);
        assertThat(quality.advertisedCost()).isBetween(51, 60);
    }

    @Test
    void queueingAddsNothingToTheCost() {
        for (int i = 0; i < 200; i++) {
            changes(1, i % 8 == 0 ? 2 * MILLI : 90 * MILLI);
        }

        assertThat(quality.advertisedCost()).isEqualTo(2);
        assertThat(quality.rttNanos()).isGreaterThan(50 * MILLI);
    }

    @Test
    void costSaturates() {
        changes(100, 2 * SECOND);

        assertThat(quality.advertisedCost()).isEqualTo(LinkClaims.COST_MAX);
    }
}
