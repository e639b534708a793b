package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    private static final long GIB = 1L << 30;

    @Test
    void aQuotaIsNoMoreThanTheHeapBears() {
        Limits limits = Limits.DEFAULT.withQuotaBytes(2 * GIB);

        assertThat(limits.withinHeap(16 * GIB).quotaBytes()).isEqualTo(2 * GIB);
        assertThat(limits.withinHeap(1000).quotaBytes()).isEqualTo(450);
    }

    @Test
    void aQuotaThatIsOffStaysOff() {
        assertThat(Limits.DEFAULT.withQuotaBytes(-1).withinHeap(GIB).quotaBytes())
                .isEqualTo(-1);
    }

    @Test
    void aLargeHeapHoldsMoreOfTheLogForThoseWhoFetchAndConsensusHasRoomForIt() {
        assertThat(Limits.DEFAULT.withinHeap(GIB / 2).logBytesHeld()).isEqualTo(GIB / 8);
        assertThat(Limits.DEFAULT.withinHeap(4 * GIB).logBytesHeld()).isEqualTo(GIB / 2);
        Limits largest = Limits.DEFAULT.withinHeap(64 * GIB);
        assertThat(largest.logBytesHeld()).isEqualTo(GIB);
        assertThat((long) largest.ofConsensus().logBytesMax()).isGreaterThan(GIB);
        assertThat(largest.quotaBytes()).isEqualTo(2 * GIB);
    }
}
