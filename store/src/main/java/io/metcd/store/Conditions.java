package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.command.Compare;
import io.metcd.store.index.Cursor;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.keyspace.Versions;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import java.util.List;

/** Evaluates the conditions of transactions (contract: kv.txn). */
final class Conditions {
    private Conditions() {}

    static boolean allHold(List<Compare> compares, Keyspace keyspace) {
        for (Compare compare : compares) {
            if (!holds(compare, keyspace)) {
                return false;
            }
        }
        return true;
    }

    /** A range with no key in it is judged like a single key that is missing. */
    private static boolean holds(Compare compare, Keyspace keyspace) {
        KeyRange range = compare.range();
        if (range.isSingle()) {
            return holdsFor(compare, keyspace.get(range.key()));
        }
        boolean any = false;
        if (!range.isEmpty()) {
            Cursor<Bytes, Versions> cursor = keyspace.live().from(range.key());
            while (cursor.isValid() && range.isBelowEnd(cursor.key())) {
                if (!holdsFor(compare, cursor.value().newest())) {
                    return false;
                }
                any = true;
                cursor.next();
            }
        }
        return any || holdsFor(compare, KeyValue.ABSENT);
    }

    /** A missing key has zeros for its numbers, but no value that anything could be compared with. */
    private static boolean holdsFor(Compare compare, KeyValue kv) {
        if (compare.target() == Compare.Target.VALUE && kv.isTombstone()) {
            return false;
        }
        int compared = switch (compare.target()) {
            case VERSION -> Long.compare(kv.version(), compare.number());
            case CREATE -> Long.compare(kv.createRevision(), compare.number());
            case MOD -> Long.compare(kv.modRevision(), compare.number());
            case LEASE -> Long.compare(kv.lease(), compare.number());
            case VALUE -> kv.value().compareTo(compare.value());
            case UNKNOWN -> 0;
        };
        return switch (compare.result()) {
            case EQUAL -> compared == 0;
            case NOT_EQUAL -> compared != 0;
            case GREATER -> compared > 0;
            case LESS -> compared < 0;
            case UNKNOWN -> true;
        };
    }
}
