package io.metcd.mesh.wire;

import io.metcd.base.Bytes;
import io.metcd.mesh.topology.PeerRecord;

/**
 * A record with the bytes that its owner signed. The bytes travel unchanged, so fields that a later version appends
 * survive peers that do not know them.
 *
 * @param hash of the bytes; equal hashes stand for equal records in digests
 */
public record SignedRecord(PeerRecord record, Bytes encoded, long hash) implements Comparable<SignedRecord> {
    /** Newest last; the bytes decide between two records that claim one age, so that every peer decides alike. */
    @Override
    public int compareTo(SignedRecord other) {
        int byAge = record.compareAge(other.record);
        return byAge != 0 ? byAge : encoded.compareTo(other.encoded);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof SignedRecord other && encoded.equals(other.encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }
}
