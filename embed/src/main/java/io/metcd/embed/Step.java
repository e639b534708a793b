package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.command.Op;

/** One operation of a transaction. */
public final class Step {
    private final Op op;

    private Step(Op op) {
        this.op = op;
    }

    public static Step put(String key, String value) {
        return put(Bytes.utf8(key), Bytes.utf8(value));
    }

    public static Step put(Bytes key, Bytes value) {
        return new Step(Op.Put.of(key, value).withPrevious());
    }

    /** A put whose key goes with the lease. */
    public static Step put(Bytes key, Bytes value, long leaseId) {
        return new Step(Op.Put.of(key, value).withLease(leaseId).withPrevious());
    }

    public static Step delete(String key) {
        return delete(Query.key(key));
    }

    /** Deletes every key of the range; other parts of the query do not count. */
    public static Step delete(Query range) {
        return new Step(new Op.DeleteRange(range.range().range(), true));
    }

    public static Step get(String key) {
        return get(Query.key(key));
    }

    /** Reads, after the steps before it. */
    public static Step get(Query query) {
        return new Step(new Op.Range(query.range()));
    }

    Op op() {
        return op;
    }
}
