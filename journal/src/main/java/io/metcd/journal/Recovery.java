package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.Scan;
import io.metcd.raft.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads a log from its first segment to its last, and decides what counts.
 *
 * <p>The last record of the last segment may be unfinished: nothing was begun behind it, so nothing of it was ever
 * acknowledged, and it is cut off. Everything else that is not as it was written is {@link JournalDamage}, also a last
 * record that a voucher stands behind. Where a power cut has taken the voucher, a record that was whole and has rotted
 * since cannot be told from an unfinished one: the member then ends its log earlier than it had acknowledged, which its
 * leader notices.
 *
 * <p>Segments whose entries the newest snapshot covers are kept for the older one. They are not read as long as the newest
 * is whole: a long log must not make a long start. {@link #inspect} reads them, too.
 */
final class Recovery {
    private final Disk disk;
    private final Bytes label;
    private final List<Segment> segments = new ArrayList<>();
    private final List<LogWriter.Finished> finished = new ArrayList<>();
    private final Ledger ledger = new Ledger();
    private final List<Entry> entries = new ArrayList<>();
    /** What the last segment holds, once it was read. */
    private Optional<Scan> tail = Optional.empty();
    /** The snapshots that should count, the newest first. */
    private List<SegmentHead.Kept> kept = List.of();

    private long bytes;
    private long snapshotBytes;
    private long records;
    /** Snapshots that should count and cannot be used, the newest first. */
    private final Map<SegmentHead.Kept, JournalDamage> damaged = new LinkedHashMap<>();

    private long base;
    private long maxIndex;

    /** Whether segments that are not needed are read as well. */
    private final boolean all;

    private Recovery(Disk disk, Bytes label, boolean all) {
        this.disk = disk;
        this.label = label;
        this.all = all;
    }

    /**
     * What a log holds.
     *
     * @param report without a duration
     */
    record Result(
            Ledger ledger,
            Optional<Recovered.Snapshot> snapshot,
            List<Entry> entries,
            List<LogWriter.Finished> finished,
            LogWriter.End end,
            long snapshotBytes,
            Recovered.Report report) {
        Recovered recovered(long nanos) {
            return new Recovered(
                    ledger.hardState(),
                    snapshot,
                    entries,
                    new Recovered.Report(
                            report.bytes(), report.records(), nanos, report.cutBytes(), report.damagedSnapshots()));
        }
    }

    static Result run(Disk disk, Bytes label) throws IOException {
        Recovery recovery = new Recovery(disk, label, false);
        Result result = recovery.read();
        recovery.settle();
        return result;
    }

    /** As {@link #run}, for tools: nothing is written, and all snapshots are read. */
    static Checkup inspect(Disk disk, DirectoryMeta meta) throws IOException {
        Recovery recovery = new Recovery(disk, meta.directory(), true);
        Result result = recovery.read();
        List<Checkup.Snapshot> snapshots = new ArrayList<>();
        for (SegmentHead.Kept kept : recovery.kept) {
            snapshots.add(recovery.checked(kept));
        }
        return new Checkup(meta, recovery.segments.size(), snapshots, result.recovered(0), recovery.lastIndex());
    }

    private Checkup.Snapshot checked(SegmentHead.Kept kept) throws IOException {
        try {
            return new Checkup.Snapshot(kept.mark(), SnapshotFile.verify(disk, label, kept), Optional.empty());
        } catch (JournalDamage found) {
            return new Checkup.Snapshot(kept.mark(), 0, Optional.of(found));
        }
    }

    private long lastIndex() {
        return entries.isEmpty() ? base : entries.get(entries.size() - 1).index();
    }

    private Result read() throws IOException {
        TreeSet<Long> numbers = new TreeSet<>();
        disk.list().forEach(name -> LogNames.segmentNumber(name).ifPresent(numbers::add));
        // Files before a gap were about to be deleted; if they were not, the next check finds what is missing.
        long first = numbers.last();
        while (numbers.contains(first - 1)) {
            first--;
        }
        for (long number = first; number <= numbers.last(); number++) {
            segments.add(Segment.open(disk, label, number));
        }
        Segment last = segments.get(segments.size() - 1);
        Scan newest = last.scan(disk, Optional.empty());
        tail = Optional.of(newest);
        kept = marks(last, newest);
        Optional<SegmentHead.Kept> snapshot = choose(kept);
        base = snapshot.map(each -> each.mark().index()).orElse(0L);
        replay(newest);
        damaged.keySet().forEach(ledger::forget);
        LogWriter.End end = new LogWriter.End(
                last.head().number(), last.head().allocated(), newest.end(), newest.validBytes(), maxIndex);
        return new Result(
                ledger,
                snapshot.map(each -> new Recovered.Snapshot(each.mark(), SnapshotFile.chunks(disk, label, each))),
                entries,
                finished,
                end,
                snapshotBytes,
                new Recovered.Report(bytes, records, 0, newest.tornBytes(), damaged.size()));
    }

    /** The snapshots that count at the end of the log, the newest first. */
    private static List<SegmentHead.Kept> marks(Segment last, Scan newest) throws JournalDamage {
        List<SegmentHead.Kept> marks = new ArrayList<>(last.head().marks());
        for (Scan.Found record : newest.records()) {
            read(last, record, item -> {
                if (item instanceof Item.Marked marked) {
                    marks.add(new SegmentHead.Kept(marked.mark(), marked.checksum()));
                }
            });
        }
        List<SegmentHead.Kept> kept =
                new ArrayList<>(marks.subList(Math.max(0, marks.size() - Ledger.KEPT), marks.size()));
        Collections.reverse(kept);
        return kept;
    }

    /** The newest snapshot that is whole. The log must then reach back to it, which {@link #replay} finds out. */
    private Optional<SegmentHead.Kept> choose(List<SegmentHead.Kept> marks) throws IOException {
        for (SegmentHead.Kept kept : marks) {
            try {
                snapshotBytes = SnapshotFile.verify(disk, label, kept);
                bytes += snapshotBytes;
                return Optional.of(kept);
            } catch (JournalDamage found) {
                damaged.put(kept, found);
            }
        }
        return Optional.empty();
    }

    private void replay(Scan newest) throws IOException {
        int from = all ? 0 : firstNeeded();
        ledger.start(segments.get(from).head());
        if (segments.get(from).head().lastIndex() > base) {
            refuseDamagedSnapshot();
            throw new JournalDamage("the segments before " + segments.get(0).name() + " are missing, with the entries "
                    + (base + 1) + " to " + segments.get(0).head().lastIndex() + ": " + JournalDamage.FROM_PEERS);
        }
        for (int i = 0; i < from; i++) {
            long number = segments.get(i).head().number();
            finished.add(
                    new LogWriter.Finished(number, segments.get(i + 1).head().lastIndex()));
        }
        for (int i = from; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            boolean last = i == segments.size() - 1;
            Scan scan = last
                    ? newest
                    : segment.scan(disk, Optional.of(segments.get(i + 1).head()));
            maxIndex = 0;
            for (Scan.Found record : scan.records()) {
                records++;
                read(segment, record, item -> take(segment, record, item, last));
            }
            bytes += scan.validBytes();
            if (!last) {
                finished.add(new LogWriter.Finished(segment.head().number(), maxIndex));
            }
        }
    }

    /** The last segment that was begun when the log did not reach beyond the snapshot yet: what counts follows there. */
    private int firstNeeded() {
        int last = segments.size() - 1;
        while (last > 0 && segments.get(last).head().lastIndex() > base) {
            last--;
        }
        return last;
    }

    private void take(Segment segment, Scan.Found record, Item item, boolean last) throws JournalDamage {
        if (item instanceof Item.Appended appended) {
            append(segment, record, appended.entry());
        } else if (item instanceof Item.Marked marked && !marked.continues()) {
            if (marked.mark().index() > base) {
                refuseDamagedSnapshot();
            }
            entries.clear();
        } else if (item instanceof Item.Sealed && last) {
            throw new JournalDamage(
                    "the file " + LogNames.segment(segment.head().number() + 1)
                            + " is missing, which the one before it names: " + JournalDamage.FROM_PEERS);
        }
        ledger.take(item);
    }

    private void append(Segment segment, Scan.Found record, Entry entry) throws JournalDamage {
        maxIndex = Math.max(maxIndex, entry.index());
        long next = base + entries.size() + 1;
        if (entry.index() > next) {
            throw JournalDamage.at(
                    segment.name(), record.offset(), "entry " + entry.index() + " stands where " + next + " belongs");
        }
        int from = (int) Math.max(0, entry.index() - base - 1);
        entries.subList(from, entries.size()).clear();
        if (entry.index() > base) {
            entries.add(new Entry(
                    entry.term(), entry.index(), entry.kind(), entry.data().compact()));
        }
    }

    /** The log does not reach back to an older one. */
    private void refuseDamagedSnapshot() throws JournalDamage {
        if (!damaged.isEmpty()) {
            throw damaged.values().iterator().next();
        }
    }

    /**
     * Makes durable what this life will go on from. An earlier one may have died, or seen its sync fail, between the
     * write and the sync of the last record: a reader sees it, and the disk need not have it. It is written once more,
     * because after a failed sync the file system believes that it is there; and what is unfinished is overwritten.
     */
    private void settle() throws IOException {
        Segment last = segments.get(segments.size() - 1);
        Scan newest = tail.orElseThrow();
        try (Disk.File file = disk.open(last.name())) {
            if (!newest.records().isEmpty()) {
                int from = newest.records().get(newest.records().size() - 1).offset();
                file.write(from, file.read(from, newest.validBytes() - from));
            }
            if (newest.tornBytes() > 0) {
                file.write(newest.validBytes(), Bytes.wrap(new byte[newest.tornBytes()]));
            }
            file.sync();
        }
        disk.syncDirectory();
    }

    /** Reading of one item, which may find damage. */
    private interface Reader {
        void take(Item item) throws JournalDamage;
    }

    private static void read(Segment segment, Scan.Found record, Reader to) throws JournalDamage {
        List<Item> items = new ArrayList<>();
        try {
            ItemCodec.read(record.payload(), items::add);
        } catch (ByteReader.Malformed malformed) {
            throw JournalDamage.at(
                    segment.name(),
                    record.offset(),
                    "its checksum is right, but " + malformed.getMessage() + ": was it written by a later version?");
        }
        for (Item item : items) {
            to.take(item);
        }
    }
}
