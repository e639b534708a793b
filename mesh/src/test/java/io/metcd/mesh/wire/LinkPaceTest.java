package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What one end lets be on its way; how a whole line fares with it is shown in the simulator. */
class LinkPaceTest {
    private static final int CHUNK = 16 << 10;
    private static final long MILLI = 1_000_000;

    private final LinkPace pace = new LinkPace(CHUNK);
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
    void oneChunkMeasuresTheLineThenTwoLeaveAndTwiceAsManyAfterEachQuickRoundTrip() {
        for (int chunks : new int[] {1, 2, 4, 8}) {
            assertThat(fill(chunks)).isEqualTo(chunks);
            pace.taken(sent, chunks + MILLI);
        }
    }

    /** A line that carries a chunk in a millisecond, and so far away: what is beyond that is a queue. */
    @Test
    void onALineThatIsFullTheQueueStaysAtWhatIsWanted() {
        long far = 20 * MILLI;
        long lineFree = 0;
        long now = 0;
        Deque<Told> underWay = new ArrayDeque<>();
        List<Long> queues = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            while (pace.open()) {
                pace.left(CHUNK, now);
                sent += CHUNK;
                lineFree = Math.max(lineFree, now) + MILLI;
                underWay.add(new Told(lineFree + far, sent));
                queues.add(lineFree - now);
            }
            Told next = underWay.remove();
            now = next.atNanos();
            pace.taken(next.bytes(), now);
        }
        List<Long> settled =
                queues.subList(1_000, queues.size()).stream().sorted().toList();
        assertThat(settled.get(settled.size() * 99 / 100)).as("99 of 100").isLessThan(16 * MILLI);
        assertThat(settled.get(settled.size() / 2)).as("half").isBetween(4 * MILLI, 12 * MILLI);
        assertThat(now).as("the line was seldom idle").isLessThan(sent / CHUNK * MILLI * 11 / 10);
    }

    /** So many bytes have been taken, as this end hears at that time. */
    private record Told(long atNanos, long bytes) {}

    @Test
    void aMachineThatIsBusyNowAndThenIsNoQueue() {
        long now = quick(0, 6);
        long before = pace.windowBytes();
        for (int i = 0; i < 100; i++) {
            fill(now);
            now += i % 3 == 0 ? MILLI : 60 * MILLI;
            pace.taken(sent, now);
        }
        assertThat(pace.windowBytes()).isGreaterThanOrEqualTo(before);
    }

    @Test
    void delayThatIsThereWithoutAQueueIsTheLines() {
        long now = quick(0, 6);
        long lowest = Long.MAX_VALUE;
        for (int i = 0; i < 400; i++) {
            fill(now);
            now += 60 * MILLI;
            pace.taken(sent, now);
            lowest = Math.min(lowest, pace.windowBytes());
        }
        assertThat(lowest).as("at first it is taken for a queue").isEqualTo(CHUNK);
        assertThat(pace.windowBytes()).isGreaterThan(20 * CHUNK);
    }

    /** So many round trips of a millisecond. */
    private long quick(long start, int trips) {
        long now = start;
        for (int i = 0; i < trips; i++) {
            fill(now);
            now += MILLI;
            pace.taken(sent, now);
        }
        return now;
    }

    @Test
    void smallFramesAreToldOfTogether() {
        assertThat(LinkPace.tells(0, 8 << 10)).isTrue();
        assertThat(LinkPace.tells(8 << 10, (16 << 10) - 1)).isFalse();
        assertThat(LinkPace.tells(100, 100 + CHUNK)).isTrue();
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
