package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What one end lets be on its way; how a whole line fares with it is shown in the simulator. */
class BulkPaceTest {
    private static final int CHUNK = 16 << 10;
    private static final long MILLI = 1_000_000;

    private final BulkPace pace = new BulkPace(CHUNK);
    private long sent;

    /** Sends chunks until the window is full; returns how many. */
    private int fill(long nowNanos) {
        int chunks = 0;
        while (pace.open() && chunks < 10_000) {
            pace.left(CHUNK, nowNanos);
            sent += CHUNK;
            chunks++;
        }
        return chunks;
    }

    @Test
    void twoChunksLeaveBeforeAnythingIsKnownAndTwiceAsManyAfterEachQuickRoundTrip() {
        assertThat(fill(0)).isEqualTo(2);
        pace.taken(sent, MILLI);
        assertThat(fill(MILLI)).isEqualTo(4);
        pace.taken(sent, 2 * MILLI);
        assertThat(fill(2 * MILLI)).isEqualTo(8);
    }

    @Test
    void queueThatBulkHasBuiltShrinksWhatMayBeOnItsWayButNeverBelowTwoChunks() {
        long now = 0;
        int last = fill(now);
        for (int i = 0; i < 3; i++) {
            now += MILLI;
            pace.taken(sent, now);
            last = fill(now);
        }
        for (int i = 0; i < 50; i++) {
            now += 500 * MILLI;
            pace.taken(sent, now);
            int next = fill(now);
            assertThat(next).isBetween(2, Math.max(2, last));
            last = next;
        }
        assertThat(last).isEqualTo(2);
    }

    @Test
    void whatCannotBeIsNotBelieved() {
        fill(0);
        pace.taken(sent + 1, MILLI);
        pace.taken(-1, MILLI);
        assertThat(pace.open()).isFalse();
    }

    @Test
    void peerThatDoesNotSayWhatItTakesIsSentAllThereIs() {
        pace.untold();
        assertThat(fill(0)).isEqualTo(10_000);
    }
}
