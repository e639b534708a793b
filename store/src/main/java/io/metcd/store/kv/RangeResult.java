package io.metcd.store.kv;

import java.util.List;

/** The answer to a {@link RangeQuery}. */
public sealed interface RangeResult {
    /**
     * What was found.
     *
     * @param kvs what was asked for, in the order asked for
     * @param count the keys in the range at the revision read, before limit and bounds
     * @param more true if the limit cut something off
     */
    record Ok(List<KeyValue> kvs, long count, boolean more) implements RangeResult {}

    /** COMPACTED or FUTURE_REVISION. */
    record Refused(Refusal refusal) implements RangeResult {}
}
