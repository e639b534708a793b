package io.metcd.store.watch;

import io.metcd.base.Bytes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the live watches of a key: those of the key alone by look-up, those of ranges in a tree. */
final class WatchIndex {
    private final Map<Bytes, WatcherGroup> singles = new LinkedHashMap<>();
    private final RangeIndex ranges = new RangeIndex();

    void add(Watcher watcher) {
        if (watcher.range.isSingle()) {
            singles.computeIfAbsent(watcher.range.key(), key -> new WatcherGroup())
                    .add(watcher);
        } else {
            ranges.add(watcher);
        }
    }

    void remove(Watcher watcher) {
        if (!watcher.range.isSingle()) {
            ranges.remove(watcher);
            return;
        }
        WatcherGroup group = singles.get(watcher.range.key());
        if (group != null) {
            group.remove(watcher);
            if (group.isEmpty()) {
                singles.remove(watcher.range.key());
            }
        }
    }

    void find(Bytes key, List<Watcher> found) {
        WatcherGroup group = singles.get(key);
        if (group != null) {
            group.addTo(found);
        }
        ranges.find(key, found);
    }
}
