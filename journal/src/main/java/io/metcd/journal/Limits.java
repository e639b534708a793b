package io.metcd.journal;

import io.metcd.base.Invariants;

/**
 * Every bound of this module, and what happens when it is hit.
 *
 * @param segmentBytes of one file of the log, allocated before it is used; a larger single record has a file of its own
 * @param segmentsReady files allocated ahead. When the disk has no room for them {@link Journal#spaceLow()} is true,
 *     and the log goes on in those that are left; with none left batches wait until there is room
 * @param pendingBatchesMax batches that wait for the disk; then {@link Journal#hasRoom()} is false
 * @param pendingBytesMax likewise in bytes of their entries
 * @param groupBytesMax of the waiting batches that become one record; the rest goes with the next. More only if a
 *     single batch is larger
 * @param sinkBytesMax of a snapshot's pieces that wait for the disk; then {@link Journal.SnapshotSink#hasRoom()} is
 *     false
 */
public record Limits(
        int segmentBytes,
        int segmentsReady,
        int pendingBatchesMax,
        int pendingBytesMax,
        int groupBytesMax,
        int sinkBytesMax) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public static final Limits DEFAULT = new Limits(64 * MIB, 2, 4096, 64 * MIB, 8 * MIB, 8 * MIB);

    /** For tests and simulation: the same shape with small files. */
    public static final Limits SMALL = new Limits(16 * KIB, 2, 256, 4 * MIB, 64 * KIB, 1 * MIB);

    static final int SEGMENT_BYTES_MIN = 4 * KIB;

    public Limits {
        Invariants.check(segmentBytes >= SEGMENT_BYTES_MIN, "segments of %s bytes", segmentBytes);
        Invariants.check(segmentsReady > 0 && pendingBatchesMax > 0, "limits must be positive");
        Invariants.check(pendingBytesMax > 0 && groupBytesMax > 0 && sinkBytesMax > 0, "limits must be positive");
    }

    public Limits withSegmentBytes(int bytes) {
        return new Limits(bytes, segmentsReady, pendingBatchesMax, pendingBytesMax, groupBytesMax, sinkBytesMax);
    }
}
