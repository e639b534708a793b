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

    public static final Limits DEFAULT = new Limits(64 * MIB, 2, 4096, 32 * MIB, 8 * MIB, 8 * MIB);

    /** For tests and simulation: the same shape with small files. */
    public static final Limits SMALL = new Limits(16 * KIB, 2, 256, 4 * MIB, 64 * KIB, 1 * MIB);

    static final int SEGMENT_BYTES_MIN = 4 * KIB;
    /** On a real disk. */
    private static final long SEGMENT_BYTES_LEAST = 2 * MIB;

    private static final long DISK_PARTS = 8;
    /** One file in use, those made ahead, and as much again for snapshots. */
    private static final long DISK_PARTS_MIN = 6;

    public Limits {
        Invariants.check(segmentBytes >= SEGMENT_BYTES_MIN, "segments of %s bytes", segmentBytes);
        Invariants.check(segmentsReady > 0 && pendingBatchesMax > 0, "limits must be positive");
        Invariants.check(pendingBytesMax > 0 && groupBytesMax > 0 && sinkBytesMax > 0, "limits must be positive");
    }

    /**
     * For a disk of this size: files of an eighth of it, so that what is allocated ahead, the reserve and two snapshots
     * fit beside each other, and never more on its way than the reserve takes.
     *
     * @param totalBytes free now, and taken by this directory
     * @param requestBytesMax the largest single entry, which must fit into one file
     */
    public static Limits forDisk(long totalBytes, int requestBytesMax) {
        long largest = Math.min(DEFAULT.segmentBytes, Math.max(SEGMENT_BYTES_LEAST, totalBytes / DISK_PARTS));
        long needed = Math.max(Long.highestOneBit(largest), segmentFor(requestBytesMax));
        int segment = (int) needed;
        return new Limits(
                segment,
                DEFAULT.segmentsReady,
                DEFAULT.pendingBatchesMax,
                segment / 2,
                Math.min(DEFAULT.groupBytesMax, segment / 2),
                Math.min(DEFAULT.sinkBytesMax, segment));
    }

    /** So large a disk must be for a new directory of a member that takes requests of this size. */
    public static long diskBytesMin(int requestBytesMax) {
        return DISK_PARTS_MIN * segmentFor(requestBytesMax);
    }

    /** With room for what stands around an entry. */
    private static long segmentFor(int requestBytesMax) {
        long bytes = requestBytesMax + requestBytesMax / 4L;
        return Math.max(SEGMENT_BYTES_LEAST, Long.highestOneBit(bytes - 1) * 2);
    }

    public Limits withSegmentBytes(int bytes) {
        return new Limits(bytes, segmentsReady, pendingBatchesMax, pendingBytesMax, groupBytesMax, sinkBytesMax);
    }
}
