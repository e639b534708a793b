package io.metcd.simulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.simulator.cluster.CatchUp.Mishap;
import io.metcd.simulator.cluster.CatchUp.Plan;
import io.metcd.simulator.cluster.CatchUp.Result;
import org.junit.jupiter.api.Test;

class CatchUpTest {
    private static final int MIB = 1 << 20;
    private static final int PIECE = 256 << 10;
    private static final int VALUE = 32 << 10;
    private static final long SECOND = 1_000_000_000L;

    /** 8 MiB over 8 Mbit/s. */
    private static final long BYTES = 8L * MIB;

    private static final long PER_SECOND = MIB;

    @Test
    void aMemberBehindANarrowLineFetchesTheStateAndNobodyStandsForElection() {
        Result result = CatchUp.run(1, new Plan(3, BYTES, VALUE, PER_SECOND, MIB, Mishap.NONE));

        assertThat(result.elections()).isZero();
        assertThat(result.installed()).isEqualTo(1);
        assertThat(result.equal()).isTrue();
        assertThat(result.virtualNanos()).as("the line was used").isLessThan(12 * SECOND);
        assertThat(result.longestGapNanos()).as("others wrote on").isLessThan(SECOND / 10);
        assertThat(result.longestSilenceNanos())
                .as("consensus passes the pieces")
                .isLessThan(SECOND * 6 / 10);
    }

    @Test
    void whenItsSourceDiesTheNextNearestMemberGoesOnWhereThatOneEnded() {
        Result result = CatchUp.run(1, new Plan(5, BYTES, VALUE, PER_SECOND, MIB, Mishap.SOURCE_DIES));

        assertThat(result.served()).hasSizeGreaterThan(1);
        assertThat(result.taken()).as("no piece was wanted twice").isLessThan(BYTES / PIECE + 4);
        assertThat(result.elections()).isZero();
        assertThat(result.equal()).isTrue();
    }

    @Test
    void theNearestMemberIsTheSourceEvenIfAnotherLeads() {
        Result result = CatchUp.run(2, new Plan(4, BYTES, VALUE, PER_SECOND, MIB, Mishap.NONE));

        assertThat(result.leader()).as("of this seed").isNotEqualTo("h0");
        assertThat(result.served().getOrDefault("h0", 0L)).isGreaterThan(BYTES / PIECE / 2);
    }

    @Test
    void whenTheLogBehindTheStateIsCutMeanwhileANewerStateIsFetchedAtOnce() {
        Result result = CatchUp.run(1, new Plan(3, BYTES, VALUE, PER_SECOND, 256 << 10, Mishap.BURST));

        assertThat(result.taken()).as("half of the first state was of no use").isGreaterThan(BYTES / PIECE + 8);
        assertThat(result.installed()).as("the old state was not waited for").isEqualTo(1);
        assertThat(result.elections()).isZero();
        assertThat(result.equal()).isTrue();
    }
}
