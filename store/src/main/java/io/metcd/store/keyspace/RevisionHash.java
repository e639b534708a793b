package io.metcd.store.keyspace;

/**
 * A hash over what a keyspace holds up to a revision, as etcd takes it; equal on members with equal numbers.
 *
 * @param hash CRC-32C
 * @param revision up to which, inclusive
 * @param compactRevision the compaction it was taken under, {@link Marks#NEVER_COMPACTED} for none
 */
public record RevisionHash(int hash, long revision, long compactRevision) {}
