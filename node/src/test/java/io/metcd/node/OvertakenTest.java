package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OvertakenTest {
    private static final long SECOND = 1_000_000_000L;

    private final Overtaken overtaken = new Overtaken();
    private long now = Long.MAX_VALUE - 20 * SECOND; // Clocks may begin anywhere, and run over.

    private long rest() {
        long seconds = 0;
        while (overtaken.rests(now)) {
            now += SECOND;
            seconds++;
        }
        return seconds;
    }

    @Test
    void afterABurstItBeginsAgainAtOnceAndThenAfterLongerAndLongerRests() {
        assertThat(rest()).isZero();
        long[] rests = new long[10];
        for (int i = 0; i < rests.length; i++) {
            overtaken.happened(now);
            rests[i] = rest();
        }

        assertThat(rests).containsExactly(0, 5, 10, 20, 40, 80, 160, 320, 320, 320);
        assertThat(overtaken.times()).isEqualTo(10);
    }

    @Test
    void aStateThatIsNeededSoonAfterTheLastOneCounts() {
        overtaken.needed(now);
        assertThat(overtaken.times()).as("the first is no misfortune").isZero();

        overtaken.fetched(now);
        now += 299 * SECOND;
        overtaken.turn(false, now);
        overtaken.needed(now);
        assertThat(overtaken.times()).isEqualTo(1);
        overtaken.needed(now);
        assertThat(overtaken.times()).as("the same need").isEqualTo(1);
    }

    @Test
    void whoNeedsNoneForFiveMinutesHasComeThrough() {
        overtaken.happened(now);
        overtaken.happened(now);
        overtaken.fetched(now);
        now += 300 * SECOND;
        overtaken.turn(false, now);

        assertThat(overtaken.times()).isZero();
        assertThat(overtaken.rests(now)).isFalse();
    }
}
