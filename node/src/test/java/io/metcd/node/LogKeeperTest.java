package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogKeeperTest {
    private static final int ENTRY = 1024;
    private static final int KEPT = 100 * ENTRY;
    private static final int HELD = 4 * KEPT;

    private final LogKeeper keeper = new LogKeeper(Limits.DEFAULT.withLogBytesKept(KEPT));

    private void applied(int entries) {
        for (int index = 1; index <= entries; index++) {
            keeper.applied(index, ENTRY);
        }
    }

    @Test
    void nothingIsDroppedWithinTheShare() {
        applied(100);

        assertThat(keeper.compactTo(KEPT, Long.MAX_VALUE)).isZero();
    }

    @Test
    void beyondItTheOlderHalfGoes() {
        applied(110);

        assertThat(keeper.compactTo(110 * ENTRY, Long.MAX_VALUE)).isBetween(30L, 60L);
    }

    @Test
    void whatIsBehindAStateThatSomebodyFetchesStays() {
        applied(399);

        assertThat(keeper.compactTo(399 * ENTRY, 10)).isLessThanOrEqualTo(10);
        assertThat(keeper.compactTo(HELD, 200)).isBetween(170L, 200L);
    }

    @Test
    void atTheLargerBoundItGoesAllTheSame() {
        applied(401);

        assertThat(keeper.compactTo(HELD + ENTRY, 10)).isBetween(320L, 351L);
    }
}
