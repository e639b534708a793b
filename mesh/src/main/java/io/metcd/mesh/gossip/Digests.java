package io.metcd.mesh.gossip;

import io.metcd.mesh.PeerId;

/**
 * A 64-bit digest of all records, and one for each of 64 buckets: two peers with equal digests hold the same records.
 * A digest is the exclusive or of the records' hashes, so adding and removing one is the same cheap step.
 */
public final class Digests {
    /** How many buckets there are: one bit each in a long. */
    public static final int BUCKETS = 64;

    private final long[] buckets = new long[BUCKETS];
    private long whole;

    /** The bucket of a peer: the first six bits of its id. */
    public static int bucket(PeerId id) {
        return (id.id16().at(0) & 0xff) >>> 2;
    }

    /** The digest of everything. */
    public long whole() {
        return whole;
    }

    /** The digest of one bucket. */
    public long bucket(int bucket) {
        return buckets[bucket];
    }

    void toggle(PeerId id, long hash) {
        buckets[bucket(id)] ^= hash;
        whole ^= hash;
    }
}
