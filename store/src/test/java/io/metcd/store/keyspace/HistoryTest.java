package io.metcd.store.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    /** Enough for four levels: 32 leaves of 32 make up the second, and 32 of those the third. */
    private static final int MANY = 32 * 32 * 32 + 32 * 32 + 70;

    @Test
    void holdsAtEveryLengthWhatAPlainListHolds() {
        History history = History.EMPTY;
        List<KeyValue> plain = new ArrayList<>();
        for (int next = 0; next < MANY; next++) {
            history = history.with(version(next));
            plain.add(version(next));
            assertThat(history.size()).isEqualTo(plain.size());
            for (int index : new int[] {0, next / 33, next / 2, next - next % 32, next}) {
                assertThat(history.get(index)).as("%s of %s", index, next).isEqualTo(plain.get(index));
            }
        }
        assertThat(all(history)).isEqualTo(plain);
    }

    @Test
    void aShorterListIsNotChangedByALongerOneMadeOfIt() {
        History early = upTo(1056);
        List<KeyValue> before = all(early);

        History one = early.with(version(7000));
        History other = early.with(version(8000));

        assertThat(all(early)).isEqualTo(before);
        assertThat(one.get(1056)).isEqualTo(version(7000));
        assertThat(other.get(1056)).isEqualTo(version(8000));
    }

    @Test
    void losesItsFirstOnesAndGrowsOn() {
        History history = upTo(3000);
        for (int first : new int[] {1, 31, 32, 33, 1024, 2999, 3000}) {
            History rest = history.from(first).with(version(3000));

            assertThat(all(rest)).isEqualTo(all(upTo(3001)).subList(first, 3001));
        }
    }

    private static History upTo(int size) {
        History history = History.EMPTY;
        for (int next = 0; next < size; next++) {
            history = history.with(version(next));
        }
        return history;
    }

    private static List<KeyValue> all(History history) {
        List<KeyValue> all = new ArrayList<>();
        for (int index = 0; index < history.size(); index++) {
            all.add(history.get(index));
        }
        return all;
    }

    private static KeyValue version(int number) {
        return new KeyValue(Bytes.utf8("hot"), Bytes.EMPTY, 2, number + 2, 0, number + 1, 0);
    }
}
