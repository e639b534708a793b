package io.metcd.store.watch;

import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.index.Cursor;
import io.metcd.store.keyspace.Change;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;

/** Reads for a watch that is behind what it has missed, a bounded piece at a time and always whole revisions. */
final class Replay {
    private final Limits limits;
    private final Keyspace keyspace;
    private final Watcher watcher;
    private final List<Event> events = new ArrayList<>();

    private long bytes;
    private int revisions;
    private long lastRevision;

    private Replay(Limits limits, Root root, Watcher watcher) {
        this.limits = limits;
        this.keyspace = root.keyspace();
        this.watcher = watcher;
    }

    /** The next events, perhaps none of what was looked at; {@link Watcher#next} moves on behind them. */
    static List<Event> next(Watcher watcher, Root root, Limits limits) {
        Replay replay = new Replay(limits, root, watcher);
        if (watcher.range.isSingle()) {
            replay.readKey();
        } else {
            replay.readRange();
        }
        return replay.events;
    }

    /** The history of one key is found without looking at the revisions between. */
    private void readKey() {
        // A revision changes a key twice at most, so a full read goes beyond the revisions wanted.
        int most = 2 * limits.replayRevisions() + 1;
        List<KeyValue> changes = keyspace.changesOf(watcher.range.key(), watcher.next, most);
        // The last revision of a full read may be cut.
        long end = changes.size() < most
                ? keyspace.revision() + 1
                : changes.get(most - 1).modRevision();
        for (KeyValue kv : changes) {
            if (kv.modRevision() != lastRevision && isFull()) {
                end = Math.min(end, kv.modRevision());
            }
            if (kv.modRevision() >= end) {
                break;
            }
            add(kv);
        }
        watcher.next = end;
    }

    private void readRange() {
        Cursor<Long, Change> cursor = keyspace.changes().from(watcher.next);
        int scanned = 0;
        while (cursor.isValid() && scanned < limits.replayScan() && !isFull()) {
            for (KeyValue kv : cursor.value().kvs()) {
                if (watcher.wantsKey(kv.key())) {
                    add(kv);
                }
            }
            scanned++;
            cursor.next();
        }
        watcher.next = cursor.isValid() ? cursor.key() : keyspace.revision() + 1;
    }

    private boolean isFull() {
        return revisions >= limits.replayRevisions() || bytes >= limits.responseBytes();
    }

    private void add(KeyValue kv) {
        if (!watcher.wants(kv)) {
            return;
        }
        Event event = watcher.request.previous() ? WatchHub.withPrevious(kv, keyspace) : Event.of(kv);
        events.add(event);
        bytes += EventSize.of(event);
        if (kv.modRevision() != lastRevision) {
            lastRevision = kv.modRevision();
            revisions++;
        }
    }
}
