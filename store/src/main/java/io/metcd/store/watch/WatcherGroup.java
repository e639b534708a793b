package io.metcd.store.watch;

import java.util.ArrayList;
import java.util.List;

/** Watches of the same keys, in no order that matters; joining and leaving cost the same for one as for thousands. */
final class WatcherGroup {
    private final List<Watcher> watchers = new ArrayList<>(2);

    void add(Watcher watcher) {
        watcher.place = watchers.size();
        watchers.add(watcher);
    }

    /** The last one takes the place of the one that leaves. */
    void remove(Watcher watcher) {
        Watcher last = watchers.remove(watchers.size() - 1);
        if (last != watcher) {
            watchers.set(watcher.place, last);
            last.place = watcher.place;
        }
    }

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    void addTo(List<Watcher> found) {
        found.addAll(watchers);
    }
}
