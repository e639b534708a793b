package io.metcd.store.auth;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;
import java.util.ArrayList;
import java.util.List;

/** The union of ranges of keys: disjoint spans in order, of which none touches the next. Immutable. */
final class KeySpans {
    /** No key is empty, so as an end it can stand for "no end". */
    static final Bytes NO_END = Bytes.EMPTY;

    private static final Bytes LEAST = Bytes.of(0);

    private final List<Bytes> starts = new ArrayList<>();
    private final List<Bytes> ends = new ArrayList<>();

    /** The ranges come by their keys, and none is empty. */
    KeySpans(List<KeyRange> ranges) {
        for (KeyRange range : ranges) {
            int last = starts.size() - 1;
            if (last >= 0 && reaches(ends.get(last), range.key())) {
                ends.set(last, later(ends.get(last), end(range)));
            } else {
                starts.add(range.key());
                ends.add(end(range));
            }
        }
    }

    /** The first key behind the span that holds the key, {@link #NO_END} if there is none; the key if none holds it. */
    Bytes after(Bytes key) {
        int low = 0;
        int high = starts.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (starts.get(middle).compareTo(key) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        boolean held = low > 0 && (ends.get(low - 1).isEmpty() || key.compareTo(ends.get(low - 1)) < 0);
        return held ? ends.get(low - 1) : key;
    }

    /** The first key behind a range. */
    static Bytes end(KeyRange range) {
        if (range.isSingle()) {
            return range.key().concat(LEAST);
        }
        return range.isOpenEnded() ? NO_END : range.end();
    }

    /** Whether a span with this end comes as far as a key, or touches it. */
    static boolean reaches(Bytes end, Bytes key) {
        return end.isEmpty() || end.compareTo(key) >= 0;
    }

    static Bytes later(Bytes one, Bytes other) {
        return one.isEmpty() || other.isEmpty() ? NO_END : one.compareTo(other) >= 0 ? one : other;
    }
}
