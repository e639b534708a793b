package io.metcd.raft.progress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
    @Test
    void withinATickNothingIsGivenUp() {
        RoundTrip roundTrip = new RoundTrip();
        for (int i = 0; i < 100; i++) {
            roundTrip.measure(0);
        }

        assertThat(roundTrip.retryTicks()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 6", "5, 10", "25, 30"})
    void aSteadyRoundTripIsWaitedForAndLittleMore(int ticks, long retryTicksMax) {
        RoundTrip roundTrip = new RoundTrip();
        for (int i = 0; i < 200; i++) {
            roundTrip.measure(ticks);
        }

        assertThat(roundTrip.retryTicks()).isBetween(ticks + 1L, retryTicksMax);
    }

    @Test
    void aSlowDiskMakesItPatient() {
        RoundTrip roundTrip = new RoundTrip();
        for (int i = 0; i <= 50; i++) {
            roundTrip.measure(i % 10 == 0 ? 20 : 1);
        }

        assertThat(roundTrip.retryTicks()).isGreaterThan(20);
    }

    @Test
    void waitsGrowUntilAnAnswerComes() {
        Retry retry = new Retry(new RoundTrip(), 2);
        retry.start(100);
        assertThat(retry.isDue(101)).isFalse();
        assertThat(retry.isDue(102)).isTrue();

        retry.again(102);
        assertThat(retry.isDue(105)).isFalse();
        assertThat(retry.isDue(106)).isTrue();

        retry.again(106);
        retry.again(114);
        assertThat(retry.isDue(121)).isFalse();
        assertThat(retry.isDue(122)).isTrue();

        retry.start(122);
        assertThat(retry.isDue(124)).isTrue();
    }

    @Test
    void whatIsCheapIsRepeatedAtTheFirstTickWhereAnswersComeWithinOne() {
        RoundTrip roundTrip = new RoundTrip();
        Retry retry = new Retry(roundTrip, 1);
        retry.start(100);
        assertThat(retry.isDueCheaply(101)).isFalse();

        roundTrip.measure(0);
        assertThat(retry.isDueCheaply(101)).isTrue();

        retry.again(101);
        assertThat(retry.isDueCheaply(102)).isFalse();
        assertThat(retry.isDueCheaply(103)).isTrue();
    }

    @Test
    void aLaterQuestionIsWaitedForAsLong() {
        Retry retry = new Retry(new RoundTrip(), 0);
        retry.start(100);

        assertThat(retry.isDue(103, 102)).isFalse();
        assertThat(retry.isDue(104, 102)).isTrue();
    }

    @Test
    void toleranceGrowsWithWhatWasInVainAndIsForgotten() {
        ReorderTolerance tolerance = new ReorderTolerance(8);
        for (int i = 0; i < 10; i++) {
            tolerance.resentInVain(i);
        }
        assertThat(tolerance.appends()).isEqualTo(8);

        for (int now = 10; now <= 59; now++) {
            tolerance.tick(now);
        }
        assertThat(tolerance.appends()).isEqualTo(4);

        for (int now = 60; now <= 1000; now++) {
            tolerance.tick(now);
        }
        assertThat(tolerance.appends()).isEqualTo(1);
    }
}
