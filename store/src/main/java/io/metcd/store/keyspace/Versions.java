package io.metcd.store.keyspace;

import io.metcd.store.kv.KeyValue;
import java.util.List;

/**
 * The history of one key: its versions and tombstones by rising revision, the newest apart. Immutable. A version is
 * found by bisection.
 */
public final class Versions {
    /** Of a key that has none. */
    static final Versions EMPTY = new Versions(KeyValue.ABSENT, History.EMPTY);

    private final KeyValue newest;
    private final History older;

    private Versions(KeyValue newest, History older) {
        this.newest = newest;
        this.older = older;
    }

    static Versions of(KeyValue only) {
        return new Versions(only, History.EMPTY);
    }

    boolean isEmpty() {
        return this == EMPTY;
    }

    /** The last version or tombstone; {@link KeyValue#ABSENT} if there is none. */
    public KeyValue newest() {
        return newest;
    }

    Versions with(KeyValue later) {
        return isEmpty() ? of(later) : new Versions(later, older.with(newest));
    }

    /** What was the newest at a revision; {@link KeyValue#ABSENT} if nothing was, or it has been dropped. */
    public KeyValue at(long revision) {
        if (newest.modRevision() <= revision) {
            return newest;
        }
        int place = countUpTo(revision) - 1;
        return place < 0 ? KeyValue.ABSENT : older.get(place);
    }

    /** Adds those of a revision or later, by revision, until there are so many. */
    void addTo(List<KeyValue> found, long revision, int most) {
        for (int place = countUpTo(revision - 1); place < older.size() && found.size() < most; place++) {
            found.add(older.get(place));
        }
        if (newest.modRevision() >= revision && found.size() < most) {
            found.add(newest);
        }
    }

    /** Without what nobody can read any more after a compaction at the revision. */
    Versions compact(long revision) {
        if (newest.modRevision() <= revision) {
            return newest.isTombstone() ? EMPTY : older.size() == 0 ? this : of(newest);
        }
        int first = Math.max(0, countUpTo(revision) - 1);
        if (first < older.size()
                && older.get(first).isTombstone()
                && older.get(first).modRevision() <= revision) {
            first++;
        }
        return first == 0 ? this : new Versions(newest, older.from(first));
    }

    /** How many of those but the newest are of the revision or before it. */
    private int countUpTo(long revision) {
        int low = 0;
        int high = older.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (older.get(middle).modRevision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
