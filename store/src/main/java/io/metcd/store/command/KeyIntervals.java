package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;
import java.util.Map;
import java.util.TreeMap;

/** A set of keys made of ranges, kept as disjoint intervals so that asking for a key costs one look-up. */
final class KeyIntervals {
    /** No key is empty, so as an end it can stand for "no end". */
    private static final Bytes NO_END = Bytes.EMPTY;

    private static final Bytes LEAST = Bytes.of(0);

    /** From the first key of each interval to the end of it, which it does not hold. */
    private final TreeMap<Bytes, Bytes> ends = new TreeMap<>();

    void add(KeyRange range) {
        if (!range.isEmpty()) {
            Bytes end = range.isSingle() ? range.key().concat(LEAST) : range.isOpenEnded() ? NO_END : range.end();
            add(range.key(), end);
        }
    }

    void addAll(KeyIntervals others) {
        others.ends.forEach(this::add);
    }

    boolean contains(Bytes key) {
        Map.Entry<Bytes, Bytes> before = ends.floorEntry(key);
        return before != null && isBelow(key, before.getValue());
    }

    private void add(Bytes from, Bytes to) {
        Bytes start = from;
        Bytes end = to;
        Map.Entry<Bytes, Bytes> before = ends.floorEntry(from);
        if (before != null && isBelow(from, before.getValue())) {
            start = before.getKey();
            end = later(end, before.getValue());
        }
        Map.Entry<Bytes, Bytes> next = ends.ceilingEntry(start);
        while (next != null && isBelow(next.getKey(), end)) {
            end = later(end, next.getValue());
            ends.remove(next.getKey());
            next = ends.ceilingEntry(start);
        }
        ends.put(start, end);
    }

    private static boolean isBelow(Bytes key, Bytes end) {
        return end.isEmpty() || key.compareTo(end) < 0;
    }

    private static Bytes later(Bytes one, Bytes other) {
        return isBelow(one, other) ? other : one;
    }
}
