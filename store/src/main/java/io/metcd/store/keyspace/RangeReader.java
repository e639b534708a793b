package io.metcd.store.keyspace;

import io.metcd.base.Bytes;
import io.metcd.store.index.Cursor;
import io.metcd.store.index.OrderedMap;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Content;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Answers queries whose revision is known to be readable (contract: kv.range). */
final class RangeReader {
    private RangeReader() {}

    static RangeResult.Ok read(Keyspace keyspace, RangeQuery query, long at) {
        if (query.range().isSingle()) {
            KeyValue found = at == keyspace.revision()
                    ? keyspace.get(query.range().key())
                    : keyspace.get(query.range().key(), at);
            return found.isTombstone() ? ok(List.of(), 0, false) : finish(query, List.of(found), 1);
        }
        if (query.range().isEmpty()) {
            return ok(List.of(), 0, false);
        }
        return at == keyspace.revision() ? readNewest(keyspace, query) : readPast(keyspace, query, at);
    }

    /** Counts by rank, and reads no more pairs than it must. */
    private static RangeResult.Ok readNewest(Keyspace keyspace, RangeQuery query) {
        KeyRange range = query.range();
        OrderedMap<Bytes, Versions> live = keyspace.live;
        int from = live.rank(range.key());
        int to = range.isOpenEnded() ? live.size() : live.rank(range.end());
        int wanted = query.content() == Content.COUNT_ONLY ? 0 : to - from;
        int start = from;
        if (isLimited(query) && query.bounds().isNone() && isByKey(query)) {
            // The pair behind the limit is read too, to see that there is more.
            wanted = (int) Math.min(wanted, limitAndOne(query));
            start = query.sort().order() == Order.DESCEND ? to - wanted : from;
        }
        List<KeyValue> kvs = new ArrayList<>(wanted);
        for (Cursor<Bytes, Versions> cursor = live.at(start); kvs.size() < wanted; cursor.next()) {
            kvs.add(cursor.value().newest());
        }
        return finish(query, kvs, to - from);
    }

    /** Walks the keys that are there and those that have been deleted side by side. */
    private static RangeResult.Ok readPast(Keyspace keyspace, RangeQuery query, long at) {
        KeyRange range = query.range();
        Cursor<Bytes, Versions> live = keyspace.live.from(range.key());
        Cursor<Bytes, Versions> graves = keyspace.graves.from(range.key());
        boolean early = isLimited(query) && query.bounds().isNone() && isAscendingByKey(query);
        long enough = query.content() == Content.COUNT_ONLY ? 0 : early ? limitAndOne(query) : Long.MAX_VALUE;
        List<KeyValue> kvs = new ArrayList<>();
        long count = 0;
        while (true) {
            boolean hasLive = live.isValid() && range.isBelowEnd(live.key());
            boolean hasGrave = graves.isValid() && range.isBelowEnd(graves.key());
            if (!hasLive && !hasGrave) {
                return finish(query, kvs, count);
            }
            boolean takeLive = hasLive && (!hasGrave || live.key().compareTo(graves.key()) < 0);
            Cursor<Bytes, Versions> next = takeLive ? live : graves;
            KeyValue visible = next.value().at(at);
            next.next();
            if (!visible.isTombstone()) {
                count++;
                if (kvs.size() < enough) {
                    kvs.add(visible);
                }
            }
        }
    }

    private static long limitAndOne(RangeQuery query) {
        return query.limit() == Long.MAX_VALUE ? query.limit() : query.limit() + 1;
    }

    /** Bounds, order, limit and content, in this order. */
    private static RangeResult.Ok finish(RangeQuery query, List<KeyValue> found, long count) {
        if (query.content() == Content.COUNT_ONLY) {
            return ok(List.of(), count, false);
        }
        List<KeyValue> kvs = found;
        if (!query.bounds().isNone()) {
            kvs = new ArrayList<>();
            for (KeyValue kv : found) {
                if (query.bounds().admits(kv)) {
                    kvs.add(kv);
                }
            }
        }
        if (!isAscendingByKey(query) && kvs.size() > 1) {
            kvs.sort(comparator(query.sort()));
        }
        boolean more = isLimited(query) && kvs.size() > query.limit();
        if (more) {
            kvs = kvs.subList(0, (int) query.limit());
        }
        if (query.content() == Content.KEYS_ONLY) {
            List<KeyValue> keys = new ArrayList<>(kvs.size());
            for (KeyValue kv : kvs) {
                keys.add(kv.withoutValue());
            }
            kvs = keys;
        }
        return ok(kvs, count, more);
    }

    private static RangeResult.Ok ok(List<KeyValue> kvs, long count, boolean more) {
        return new RangeResult.Ok(Collections.unmodifiableList(kvs), count, more);
    }

    private static boolean isLimited(RangeQuery query) {
        return query.limit() > 0;
    }

    private static boolean isByKey(RangeQuery query) {
        return query.sort().target() == RangeQuery.Target.KEY;
    }

    private static boolean isAscendingByKey(RangeQuery query) {
        return isByKey(query) && query.sort().order() != Order.DESCEND;
    }

    /** Sorting is stable, so ties stay in the order of keys, also when it descends. */
    private static Comparator<KeyValue> comparator(RangeQuery.Sort sort) {
        Comparator<KeyValue> ascending = switch (sort.target()) {
            case KEY, UNKNOWN -> Comparator.comparing(KeyValue::key);
            case VERSION -> Comparator.comparingLong(KeyValue::version);
            case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
            case MOD -> Comparator.comparingLong(KeyValue::modRevision);
            case VALUE -> Comparator.comparing(KeyValue::value);
        };
        return sort.order() == Order.DESCEND ? ascending.reversed() : ascending;
    }
}
