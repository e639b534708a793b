package io.metcd.store.keyspace;

import io.metcd.store.kv.KeyValue;
import java.util.Arrays;
import java.util.List;

/**
 * The history of one key: its versions and tombstones by rising revision, the newest apart. Immutable.
 *
 * <p>The older ones lie in full chunks and a tail, so that one more costs a copy of the tail, and now and then of the
 * list of chunks; a version is found by bisection. A plain list would make a put to an often written key as dear as its
 * history is long; a linked one would make old versions as dear to find.
 *
 * <p>Places of versions that a compaction has dropped hold {@link KeyValue#ABSENT}, which is older than any.
 */
public final class Versions {
    private static final int CHUNK = 32;
    private static final KeyValue[] NONE = {};
    private static final KeyValue[][] NO_CHUNKS = {};

    /** Of a key that has none. */
    static final Versions EMPTY = new Versions(KeyValue.ABSENT, NO_CHUNKS, NONE);

    private final KeyValue newest;
    private final KeyValue[][] chunks;
    private final KeyValue[] tail;

    private Versions(KeyValue newest, KeyValue[][] chunks, KeyValue[] tail) {
        this.newest = newest;
        this.chunks = chunks;
        this.tail = tail;
    }

    static Versions of(KeyValue only) {
        return new Versions(only, NO_CHUNKS, NONE);
    }

    boolean isEmpty() {
        return this == EMPTY;
    }

    /** The last version or tombstone; {@link KeyValue#ABSENT} if there is none. */
    public KeyValue newest() {
        return newest;
    }

    Versions with(KeyValue later) {
        if (isEmpty()) {
            return of(later);
        }
        KeyValue[] longer = Arrays.copyOf(tail, tail.length + 1);
        longer[tail.length] = newest;
        if (longer.length < CHUNK) {
            return new Versions(later, chunks, longer);
        }
        KeyValue[][] more = Arrays.copyOf(chunks, chunks.length + 1);
        more[chunks.length] = longer;
        return new Versions(later, more, NONE);
    }

    /** What was the newest at a revision; {@link KeyValue#ABSENT} if nothing was, or it has been dropped. */
    public KeyValue at(long revision) {
        if (newest.modRevision() <= revision) {
            return newest;
        }
        int place = countUpTo(revision) - 1;
        return place < 0 ? KeyValue.ABSENT : get(place);
    }

    /** Adds those of a revision or later, by revision, until there are so many. */
    void addTo(List<KeyValue> found, long revision, int most) {
        for (int place = countUpTo(revision - 1); place < older() && found.size() < most; place++) {
            found.add(get(place));
        }
        if (newest.modRevision() >= revision && found.size() < most) {
            found.add(newest);
        }
    }

    /** Without what nobody can read any more after a compaction at the revision. */
    Versions compact(long revision) {
        if (newest.modRevision() <= revision) {
            return newest.isTombstone() ? EMPTY : chunks.length + tail.length == 0 ? this : of(newest);
        }
        int keep = Math.max(0, countUpTo(revision) - 1);
        if (keep < older() && get(keep).isTombstone() && get(keep).modRevision() <= revision) {
            keep++;
        }
        if (keep == 0 || get(keep - 1).equals(KeyValue.ABSENT)) {
            return this;
        }
        if (keep >= chunks.length * CHUNK) {
            return new Versions(newest, NO_CHUNKS, Arrays.copyOfRange(tail, keep - chunks.length * CHUNK, tail.length));
        }
        KeyValue[][] rest = Arrays.copyOfRange(chunks, keep / CHUNK, chunks.length);
        rest[0] = rest[0].clone();
        Arrays.fill(rest[0], 0, keep % CHUNK, KeyValue.ABSENT);
        return new Versions(newest, rest, tail);
    }

    private int older() {
        return chunks.length * CHUNK + tail.length;
    }

    private KeyValue get(int place) {
        int chunk = place / CHUNK;
        return chunk < chunks.length ? chunks[chunk][place % CHUNK] : tail[place - chunks.length * CHUNK];
    }

    /** How many of those but the newest are of the revision or before it. */
    private int countUpTo(long revision) {
        int low = 0;
        int high = older();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).modRevision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
