package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;

/**
 * Which keys, as of when, and what of them. Immutable: each method gives a changed copy.
 *
 * <pre>{@code kv.get(Query.prefix("config/").limit(10).keysOnly())}</pre>
 */
public final class Query {
    /** By what pairs can be sorted. */
    public enum SortBy {
        KEY,
        VERSION,
        CREATE_REVISION,
        MOD_REVISION,
        VALUE
    }

    private final RangeQuery range;
    private final boolean serializable;

    private Query(RangeQuery range, boolean serializable) {
        this.range = range;
        this.serializable = serializable;
    }

    /** One key. */
    public static Query key(String key) {
        return key(Bytes.utf8(key));
    }

    /** One key. */
    public static Query key(Bytes key) {
        return of(KeyRange.single(key));
    }

    /** Every key that starts so; all keys for an empty prefix. */
    public static Query prefix(String prefix) {
        return prefix(Bytes.utf8(prefix));
    }

    /** Every key that starts so; all keys for an empty prefix. */
    public static Query prefix(Bytes prefix) {
        return of(KeyRange.prefix(prefix));
    }

    /** Keys from the first, included, to the last, excluded. */
    public static Query between(Bytes first, Bytes end) {
        return of(new KeyRange(first, end));
    }

    /** The key and every greater one. */
    public static Query from(Bytes first) {
        return of(KeyRange.from(first));
    }

    /** Every key. */
    public static Query all() {
        return of(KeyRange.ALL);
    }

    private static Query of(KeyRange range) {
        return new Query(RangeQuery.of(range), false);
    }

    private Query with(RangeQuery changed) {
        return new Query(changed, serializable);
    }

    /** At most so many pairs; {@link Page#more} says if there were more. */
    public Query limit(long limit) {
        return with(range.withLimit(limit));
    }

    /** As of an earlier revision. */
    public Query atRevision(long revision) {
        return with(range.withRevision(revision));
    }

    /** Pairs without their values. */
    public Query keysOnly() {
        return with(range.withContent(RangeQuery.Content.KEYS_ONLY));
    }

    /** No pairs, only {@link Page#count}. */
    public Query countOnly() {
        return with(range.withContent(RangeQuery.Content.COUNT_ONLY));
    }

    /** The least first. */
    public Query ascendingBy(SortBy by) {
        return with(range.withSort(RangeQuery.Order.ASCEND, target(by)));
    }

    /** The greatest first. */
    public Query descendingBy(SortBy by) {
        return with(range.withSort(RangeQuery.Order.DESCEND, target(by)));
    }

    /** Only pairs whose last change lies between these revisions, both included; 0 leaves an end open. */
    public Query modifiedBetween(long least, long most) {
        RangeQuery.RevisionBounds old = range.bounds();
        return with(range.withBounds(new RangeQuery.RevisionBounds(least, most, old.minCreate(), old.maxCreate())));
    }

    /** Only pairs whose key came to be between these revisions, both included; 0 leaves an end open. */
    public Query createdBetween(long least, long most) {
        RangeQuery.RevisionBounds old = range.bounds();
        return with(range.withBounds(new RangeQuery.RevisionBounds(old.minMod(), old.maxMod(), least, most)));
    }

    /** From this member's own state, which may be old: faster, and possible without a leader. */
    public Query serializable() {
        return new Query(range, true);
    }

    RangeQuery range() {
        return range;
    }

    boolean isSerializable() {
        return serializable;
    }

    private static RangeQuery.Target target(SortBy by) {
        return switch (by) {
            case KEY -> RangeQuery.Target.KEY;
            case VERSION -> RangeQuery.Target.VERSION;
            case CREATE_REVISION -> RangeQuery.Target.CREATE;
            case MOD_REVISION -> RangeQuery.Target.MOD;
            case VALUE -> RangeQuery.Target.VALUE;
        };
    }
}
