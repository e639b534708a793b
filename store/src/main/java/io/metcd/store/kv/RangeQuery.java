package io.metcd.store.kv;

import io.metcd.base.Bytes;

/**
 * A question to the keyspace.
 *
 * @param revision the revision to read at; 0 or less means the newest
 * @param limit the most pairs wanted; 0 or less means all
 */
public record RangeQuery(KeyRange range, long revision, long limit, Sort sort, RevisionBounds bounds, Content content) {

    /** All of the range, at the newest revision, in the order of keys. */
    public static RangeQuery of(KeyRange range) {
        return new RangeQuery(range, 0, 0, Sort.NATURAL, RevisionBounds.NONE, Content.FULL);
    }

    public static RangeQuery key(Bytes key) {
        return of(KeyRange.single(key));
    }

    public RangeQuery withRevision(long newRevision) {
        return new RangeQuery(range, newRevision, limit, sort, bounds, content);
    }

    public RangeQuery withLimit(long newLimit) {
        return new RangeQuery(range, revision, newLimit, sort, bounds, content);
    }

    public RangeQuery withSort(Order order, Target target) {
        return new RangeQuery(range, revision, limit, new Sort(order, target), bounds, content);
    }

    public RangeQuery withBounds(RevisionBounds newBounds) {
        return new RangeQuery(range, revision, limit, sort, newBounds, content);
    }

    public RangeQuery withContent(Content newContent) {
        return new RangeQuery(range, revision, limit, sort, bounds, newContent);
    }

    /** UNKNOWN stands for a number that the API does not define; {@code Checks} refuses it. */
    public enum Order {
        NONE,
        ASCEND,
        DESCEND,
        UNKNOWN
    }

    /** UNKNOWN stands for a number that the API does not define; {@code Checks} refuses it. */
    public enum Target {
        KEY,
        VERSION,
        CREATE,
        MOD,
        VALUE,
        UNKNOWN
    }

    /** What of each pair is wanted. COUNT_ONLY wants none. */
    public enum Content {
        FULL,
        KEYS_ONLY,
        COUNT_ONLY
    }

    public record Sort(Order order, Target target) {
        public static final Sort NATURAL = new Sort(Order.NONE, Target.KEY);
    }

    /** Inclusive bounds on the revisions of a pair; 0 switches a bound off. */
    public record RevisionBounds(long minMod, long maxMod, long minCreate, long maxCreate) {
        public static final RevisionBounds NONE = new RevisionBounds(0, 0, 0, 0);

        public boolean isNone() {
            return minMod == 0 && maxMod == 0 && minCreate == 0 && maxCreate == 0;
        }

        public boolean admits(KeyValue kv) {
            return (minMod == 0 || kv.modRevision() >= minMod)
                    && (maxMod == 0 || kv.modRevision() <= maxMod)
                    && (minCreate == 0 || kv.createRevision() >= minCreate)
                    && (maxCreate == 0 || kv.createRevision() <= maxCreate);
        }
    }
}
