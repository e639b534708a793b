package io.metcd.store.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.kv.KeyRange;
import io.metcd.testkit.Property;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeIndexTest {
    private final WatchStream stream = new WatchHub(Root.EMPTY, Limits.defaults()).open(1);

    @Test
    void findsTheRangesThatHoldAKey() {
        Property.check(60, random -> {
            WatchIndex index = new WatchIndex();
            List<Watcher> watchers = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                if (random.chance(0.6) || watchers.isEmpty()) {
                    Watcher watcher = watcher(random, step);
                    watchers.add(watcher);
                    index.add(watcher);
                } else {
                    index.remove(watchers.remove(random.nextInt(watchers.size())));
                }
                Bytes key = random.bytes(1 + random.nextInt(2));
                List<Watcher> found = new ArrayList<>();
                index.find(key, found);
                List<Watcher> expected = watchers.stream()
                        .filter(watcher -> watcher.range.contains(key))
                        .toList();
                assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
            }
        });
    }

    private Watcher watcher(RandomSource random, int number) {
        Bytes start = random.bytes(1);
        Bytes end = random.bytes(1);
        WatchRequest request = random.chance(0.2)
                ? WatchRequest.of(start, KeyRange.OPEN_END)
                : random.chance(0.2)
                        ? WatchRequest.of(start, Bytes.EMPTY)
                        : start.compareTo(end) < 0
                                ? WatchRequest.of(start, end)
                                : WatchRequest.of(end, start.concat(Bytes.of(1)));
        return new Watcher(stream, number, number, request);
    }
}
