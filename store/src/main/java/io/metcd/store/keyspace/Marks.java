package io.metcd.store.keyspace;

/**
 * The numbers of a keyspace.
 *
 * @param revision that of the newest change
 * @param compactRevision below it nothing is readable; {@link #NEVER_COMPACTED} before the first compaction
 * @param scrubNext the revision whose superseded versions are to be freed next, if a compaction allows it
 * @param bytes the size of all readable versions
 * @param droppedBytes the part of {@link Change#supersededBytes} that compactions have dropped
 */
record Marks(long revision, long compactRevision, long scrubNext, long bytes, long droppedBytes) {
    static final long NEVER_COMPACTED = -1;

    /** An empty keyspace is at revision 1, so that the first change makes 2. */
    static final Marks EMPTY = new Marks(1, NEVER_COMPACTED, 0, 0, 0);
}
