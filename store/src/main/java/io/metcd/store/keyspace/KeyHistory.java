package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.index.Cursor;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;

/** Reads the changes of one key. */
final class KeyHistory {
    private final long from;
    private final int most;
    private final List<KeyValue> changes = new ArrayList<>();

    private KeyHistory(long from, int most) {
        this.from = from;
        this.most = most;
    }

    /**
     * A change is either the successor of a superseded version, or it made the key. One does not show so: a deletion
     * at the compacted revision itself, whose superseded version has gone.
     */
    static List<KeyValue> read(Keyspace keyspace, Bytes key, long from, int most) {
        long first = from;
        List<KeyValue> atCompaction = new ArrayList<>();
        if (from == keyspace.compactRevision()) {
            for (KeyValue kv : keyspace.changes.get(from, Change.NONE).kvs()) {
                if (kv.key().equals(key)) {
                    atCompaction.add(kv);
                }
            }
            first = from + 1;
        }
        KeyHistory history = new KeyHistory(first, most);
        history.changes.addAll(atCompaction);
        history.readSuperseded(keyspace, key);
        history.addIfMade(keyspace.get(key));
        return history.changes;
    }

    private void readSuperseded(Keyspace keyspace, Bytes key) {
        // A version older than the first change wanted may have been superseded by that change.
        KeyValue before = KeyValue.tombstone(key, from - 1, 0);
        Cursor<KeyValue, KeyValue> cursor = keyspace.superseded.floor(before);
        if (!cursor.isValid() || !cursor.key().key().equals(key)) {
            cursor = keyspace.superseded.from(before);
        }
        while (changes.size() < most && cursor.isValid() && cursor.key().key().equals(key)) {
            addIfMade(cursor.key());
            add(cursor.value());
            cursor.next();
        }
    }

    /** Adds a version that made its key; any other is added as what superseded the one before. */
    private void addIfMade(KeyValue version) {
        if (version.version() == 1) {
            add(version);
        }
    }

    private void add(KeyValue change) {
        if (change.modRevision() >= from && changes.size() < most) {
            changes.add(change);
        }
    }
}
