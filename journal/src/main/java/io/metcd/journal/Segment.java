package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.FileHead;
import io.metcd.journal.segment.Scan;
import java.io.IOException;
import java.util.Optional;

/**
 * One file of the log, as it is read.
 *
 * @param recordsAt where its records begin
 */
record Segment(String name, SegmentHead head, int recordsAt) {
    private static final long FILE_BYTES_MAX = Integer.MAX_VALUE - 8L;

    /** Reads the head of a segment; throws {@link JournalDamage} for one that is not in its place. */
    static Segment open(Disk disk, Bytes label, long number) throws IOException {
        String name = LogNames.segment(number);
        try (Disk.File file = disk.open(name)) {
            Segment segment = decode(name, file.read(0, FileHead.BYTES_MAX));
            SegmentHead head = segment.head();
            if (!head.label().equals(label)) {
                throw new JournalDamage("the file " + name + " is of another directory, and so of another member or"
                        + " cluster: put the right one back, or else " + JournalDamage.FROM_PEERS);
            }
            if (head.number() != number) {
                throw JournalDamage.at(name, 0, "it is the segment " + head.number() + " under another name");
            }
            if (file.size() < head.allocated()) {
                throw JournalDamage.at(
                        name, file.size(), "it ends there, and was made with " + head.allocated() + " bytes");
            }
            return segment;
        }
    }

    static Segment decode(String name, Bytes beginning) throws JournalDamage {
        try {
            FileHead.Read read = FileHead.decode(FileHead.Kind.LOG, beginning);
            return new Segment(name, SegmentHead.decode(read.body()), read.end());
        } catch (ByteReader.Malformed malformed) {
            throw JournalDamage.at(name, 0, String.valueOf(malformed.getMessage()));
        }
    }

    /**
     * Reads its records up to where the next segment begins, or all of the last one. The file is in memory as long as
     * the result is. Throws {@link JournalDamage} unless all that was acknowledged is there.
     */
    Scan scan(Disk disk, Optional<SegmentHead> next) throws IOException {
        Scan scan;
        try (Disk.File file = disk.open(name)) {
            Bytes all = file.read(0, (int) Math.min(FILE_BYTES_MAX, file.size()));
            scan = Scan.of(all, recordsAt, head.chain(), next.map(SegmentHead::chain));
        }
        boolean whole = next.isEmpty() || scan.end().meets(next.get().chain());
        if (scan.damaged() || !whole) {
            throw JournalDamage.at(
                    name, scan.validBytes(), "the record " + scan.end().number() + " is broken, and later ones follow");
        }
        return scan;
    }
}
