package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of keys made of ranges, kept as disjoint intervals so that asking for a key costs one look-up. As in etcd, a range
 * without an end counts for nothing here (contract: kv.txn.9).
 */
final class KeyIntervals {
    private static final Bytes LEAST = Bytes.of(0);

    /** From the first key of each interval to the end of it, which it does not hold. */
    private final TreeMap<Bytes, Bytes> ends = new TreeMap<>();

    void add(KeyRange range) {
        if (!range.isEmpty() && !range.isOpenEnded()) {
            add(range.key(), range.isSingle() ? range.key().concat(LEAST) : range.end());
        }
    }

    void addAll(KeyIntervals others) {
        others.ends.forEach(this::add);
    }

    boolean contains(Bytes key) {
        Map.Entry<Bytes, Bytes> before = ends.floorEntry(key);
        return before != null && key.compareTo(before.getValue()) < 0;
    }

    private void add(Bytes from, Bytes to) {
        Bytes start = from;
        Bytes end = to;
        Map.Entry<Bytes, Bytes> before = ends.floorEntry(from);
        if (before != null && from.compareTo(before.getValue()) < 0) {
            start = before.getKey();
            end = later(end, before.getValue());
        }
        Map.Entry<Bytes, Bytes> next = ends.ceilingEntry(start);
        while (next != null && next.getKey().compareTo(end) < 0) {
            end = later(end, next.getValue());
            ends.remove(next.getKey());
            next = ends.ceilingEntry(start);
        }
        ends.put(start, end);
    }

    private static Bytes later(Bytes one, Bytes other) {
        return one.compareTo(other) < 0 ? other : one;
    }
}
