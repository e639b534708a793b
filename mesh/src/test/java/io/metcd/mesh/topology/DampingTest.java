package io.metcd.mesh.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.mesh.Profile;
import org.junit.jupiter.api.Test;

class DampingTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PEER = 7;

    private final Damping damping = new Damping(Profile.LAN.overlay().steady());

    private long probationAfter(int losses, long now) {
        for (int i = 0; i < losses; i++) {
            damping.lost(PEER, now);
        }
        return damping.probationNanos(PEER, now) / SECOND;
    }

    @Test
    void firstLossCostsNothingAndEachFurtherOneDoubles() {
        assertThat(probationAfter(1, 0)).isZero();
        assertThat(probationAfter(1, SECOND)).isEqualTo(5);
        assertThat(probationAfter(1, 2 * SECOND)).isEqualTo(10);
        assertThat(probationAfter(1, 3 * SECOND)).isEqualTo(20);
        assertThat(probationAfter(20, 4 * SECOND)).isEqualTo(60);
    }

    @Test
    void lossesLongerAgoThanMinuteAreForgotten() {
        probationAfter(5, 0);

        assertThat(damping.probationNanos(PEER, 59 * SECOND)).isPositive();
        assertThat(damping.probationNanos(PEER, 60 * SECOND)).isZero();
        assertThat(probationAfter(1, 61 * SECOND)).isZero();
    }

    @Test
    void peerIsNotBlamedForAnother() {
        probationAfter(5, 0);

        assertThat(damping.probationNanos(PEER + 1, 0)).isZero();
    }
}
