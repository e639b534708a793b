package io.metcd.store.lease;

import io.metcd.base.Bytes;

/** A key hangs on a lease. Ordered by lease, then key, so that the keys of a lease stand together and in order. */
record Attachment(long lease, Bytes key) {
    static int compare(Attachment one, Attachment other) {
        int byLease = Long.compare(one.lease, other.lease);
        return byLease != 0 ? byLease : one.key.compareTo(other.key);
    }
}
