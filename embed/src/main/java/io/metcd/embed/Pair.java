package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyValue;

/**
 * A key and what it held at some revision.
 *
 * @param createRevision the revision at which the key came to be
 * @param modRevision the revision of its last change; of its deletion, for a deleted key
 * @param version 1 when the key came to be, one more with each put, 0 for a deleted key
 * @param leaseId the lease it hangs on, 0 for none
 */
public record Pair(Bytes key, Bytes value, long createRevision, long modRevision, long version, long leaseId) {
    static Pair of(KeyValue kv) {
        return new Pair(kv.key(), kv.value(), kv.createRevision(), kv.modRevision(), kv.version(), kv.lease());
    }

    /** The key as UTF-8. */
    public String keyText() {
        return key.toUtf8();
    }

    /** The value as UTF-8. */
    public String text() {
        return value.toUtf8();
    }

    @Override
    public String toString() {
        return key + "=" + value + " (revision " + modRevision + ")";
    }
}
