package io.metcd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.simulator.founding.FoundingRun;
import io.metcd.simulator.founding.Mode;
import io.metcd.simulator.world.TraceHash;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FoundingTortureTest {
    @ParameterizedTest
    @EnumSource(Mode.class)
    void noTroubleMakesTwoClustersOfOneNameOrLeavesThemUntold(Mode mode) {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        boolean held = FoundingTorture.run(
                new FoundingTorture.Plan(1, 200, Optional.of(mode)),
                new PrintStream(told, true, StandardCharsets.UTF_8));

        assertThat(held).as(told.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(told.toString(StandardCharsets.UTF_8))
                .contains("founding: 200 runs, ")
                .contains(" founded, 0 double foundings");
    }

    @Test
    void oneSeedIsOneRun() {
        assertThat(FoundingRun.run(42, Optional.empty())).isEqualTo(FoundingRun.run(42, Optional.empty()));
        assertThat(FoundingRun.run(42, Optional.empty()).hash())
                .isNotEqualTo(FoundingRun.run(43, Optional.empty()).hash());
    }

    @Test
    void runsBesideEachOtherComeToTheSameAsRunsInARow() {
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        FoundingTorture.run(
                new FoundingTorture.Plan(7, 40, Optional.empty()), new PrintStream(told, true, StandardCharsets.UTF_8));

        TraceHash inARow = new TraceHash();
        for (long seed = 7; seed < 47; seed++) {
            inARow.note(Long.parseUnsignedLong(
                    FoundingRun.run(seed, Optional.empty()).hash(), 16));
        }
        assertThat(told.toString(StandardCharsets.UTF_8)).endsWith("hash " + inARow + System.lineSeparator());
    }

    @Test
    void aWrongCommandLineIsNoPlan() {
        assertThat(FoundingTorture.Plan.parse("--runs", "0")).isEmpty();
        assertThat(FoundingTorture.Plan.parse("--mode", "guess")).isEmpty();
        assertThat(FoundingTorture.Plan.parse("--runs")).isEmpty();
        assertThat(FoundingTorture.Plan.parse("--runs", "5", "--from", "7", "--mode", "expect-lock"))
                .contains(new FoundingTorture.Plan(7, 5, Optional.of(Mode.EXPECT_LOCK)));
    }
}
