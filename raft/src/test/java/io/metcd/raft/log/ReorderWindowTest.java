package io.metcd.raft.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.Message.Append;
import io.metcd.raft.Message.Hole;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ReorderWindowTest {
    private long sequence;

    private Append append(long first, long last) {
        List<Entry> entries = new ArrayList<>();
        for (long index = first; index <= last; index++) {
            entries.add(new Entry(1, index, Entry.Kind.COMMAND, Bytes.EMPTY));
        }
        return new Append(1, 2, 1, ++sequence, first - 1, 1, 0, false, entries);
    }

    /** <pre>log ──┤4    5..6 missing   ├7 8┤   9 missing   ├10┤</pre> */
    @Test
    void theHolesAreWhatIsMissing() {
        ReorderWindow window = new ReorderWindow(10_000);
        window.add(append(10, 10));
        window.add(append(7, 8));

        assertThat(window.missing(4)).containsExactly(new Hole(5, 6), new Hole(9, 9));
        assertThat(window.received(4)).isEqualTo(10);
    }

    @Test
    void whatTheLogCanJudgeIsTakenOutInOrder() {
        ReorderWindow window = new ReorderWindow(10_000);
        window.add(append(8, 9));
        window.add(append(6, 7));

        assertThat(window.take(4)).isEmpty();
        assertThat(window.take(5)).map(Append::lastIndex).contains(7L);
        assertThat(window.take(7)).map(Append::lastIndex).contains(9L);
        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void withoutRoomTheFarthestGoes() {
        ReorderWindow window = new ReorderWindow(append(1, 3).entries().size() * 48L);
        assertThat(window.add(append(20, 21))).isTrue();

        assertThat(window.add(append(30, 31))).isFalse();
        assertThat(window.add(append(10, 11))).isTrue();

        assertThat(window.received(1)).isEqualTo(11);
    }

    @Test
    void manyHolesAreToldFromTheFirstOn() {
        ReorderWindow window = new ReorderWindow(1_000_000);
        for (long first = 3; first <= 399; first += 2) {
            window.add(append(first, first));
        }

        assertThat(window.missing(1)).hasSize(64).startsWith(new Hole(2, 2)).endsWith(new Hole(128, 128));
        assertThat(window.received(1)).isEqualTo(129);
    }

    /** Whatever the order and the repetitions: what has arrived is received and not missing, and the rest is. */
    @Test
    void receivedAndMissingPartTheIndexes() {
        Property.check(500, ReorderWindowTest::arrivals, arrivals -> {
            ReorderWindow window = new ReorderWindow(1_000_000);
            TreeSet<Long> arrived = new TreeSet<>();
            for (long first : arrivals) {
                window.add(append(first, first + 2));
                arrived.addAll(List.of(first, first + 1, first + 2));
            }
            TreeSet<Long> told = new TreeSet<>();
            for (long index = 11; index <= window.received(10); index++) {
                told.add(index);
            }
            window.missing(10)
                    .forEach(hole ->
                            told.subSet(hole.first(), true, hole.last(), true).clear());
            assertThat(told).isEqualTo(arrived);
            Optional<Append> next = window.take(Long.MAX_VALUE);
            while (next.isPresent()) {
                next = window.take(Long.MAX_VALUE);
            }
            assertThat(window.missing(10)).isEmpty();
        });
    }

    private static List<Long> arrivals(RandomSource random) {
        List<Long> arrivals = new ArrayList<>();
        for (int i = random.nextInt(30); i >= 0; i--) {
            arrivals.add(12 + 3L * random.nextInt(20));
        }
        return arrivals;
    }
}
