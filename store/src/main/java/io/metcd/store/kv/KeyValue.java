package io.metcd.store.kv;

import io.metcd.base.Bytes;

/**
 * One version of one key, or the mark of its deletion.
 *
 * @param createRevision the revision of the put that created the key, 0 for a tombstone
 * @param modRevision the revision of this change
 * @param subRevision the place of this change within its revision, from 0
 * @param version 1 for the put that created the key, one more for each later put, 0 for a tombstone
 * @param lease the lease that the key is attached to, 0 for none
 */
public record KeyValue(
        Bytes key, Bytes value, long createRevision, long modRevision, int subRevision, long version, long lease) {

    /** What a look-up gives for a key that is not there. */
    public static final KeyValue ABSENT = tombstone(Bytes.EMPTY, 0, 0);

    /** The mark of a deletion: a key and the revision that deleted it, nothing else. */
    public static KeyValue tombstone(Bytes key, long revision, int subRevision) {
        return new KeyValue(key, Bytes.EMPTY, 0, revision, subRevision, 0, 0);
    }

    /** True for what holds no value: a tombstone, or {@link #ABSENT}. */
    public boolean isTombstone() {
        return version == 0;
    }

    /** The same version with its value blanked, for queries that want keys only. */
    public KeyValue withoutValue() {
        return value.isEmpty()
                ? this
                : new KeyValue(key, Bytes.EMPTY, createRevision, modRevision, subRevision, version, lease);
    }
}
