package io.metcd.journal;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import io.metcd.journal.segment.Chain;
import io.metcd.journal.segment.RecordCodec;
import io.metcd.journal.segment.Scan;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log: writes records, one at a time, each durable before the next is begun, and goes on in another file
 * when one is full.
 *
 * <p>Whenever there is a moment to write it, a voucher stands behind the last record: the empty head of the next one, a
 * sector apart so that what breaks one sector leaves the other. It says that the last record was on the disk, so that
 * what is broken there is known for damage, and not taken for a record that was never finished. It is no part of the
 * log: the next record stands where it would without it.
 *
 * <p>Going on is done in an order that a crash may stop anywhere: the next segment is complete on the disk with its head,
 * gets its name, the old one is sealed, and only then a record is written to it. So the newest segment is never sealed,
 * and one that is has lost its successor.
 */
final class LogWriter {
    private static final int SEAL_BYTES = (int) RecordCodec.size(1);
    private static final int VOUCHER_BYTES = (int) RecordCodec.size(0);
    /** Of most disks; in small files, of which it would be too large a part, that of old ones. */
    private static final int SECTOR_BYTES = 4096;

    private static final int SECTOR_BYTES_SMALL = Scan.SECTOR_BYTES;
    private static final int SMALL_FILE_BYTES = 16 * SECTOR_BYTES;

    /** A finished segment, and the largest index that stands in it. */
    record Finished(long number, long lastIndex) {}

    /**
     * Where writing goes on.
     *
     * @param maxIndex the largest index that stands in the segment
     */
    record End(long number, long allocated, Chain chain, long offset, long maxIndex) {}

    /** A record that waits to be written. */
    private record Unwritten(RecordCodec.Encoded record, long maxIndex) {}

    private final Disk disk;
    private final Bytes label;
    private final RandomSource random;
    private final Spares spares;
    private final Ledger ledger;
    private final ArrayDeque<Finished> finished = new ArrayDeque<>();
    private Disk.@Nullable File file;
    private End end;
    /** A record that found no room on the disk: its items are in the ledger, and it is the next to be written. */
    private Optional<Unwritten> unwritten = Optional.empty();

    private final int sectorBytes;
    private boolean vouched;

    /** What a log is written with. */
    record Tools(Disk disk, Bytes label, RandomSource random, Spares spares) {}

    private LogWriter(Tools tools, Ledger ledger, End end) {
        this.disk = tools.disk();
        this.label = tools.label();
        this.random = tools.random();
        this.spares = tools.spares();
        this.ledger = ledger;
        this.end = end;
        boolean small = spares.segmentBytes() < SMALL_FILE_BYTES;
        this.sectorBytes = small ? SECTOR_BYTES_SMALL : SECTOR_BYTES;
    }

    /** Begins the log of a new directory. */
    static LogWriter begin(Tools tools) throws IOException {
        LogWriter writer = new LogWriter(tools, new Ledger(), new End(0, 0, new Chain(0, 1, 0), 0, 0));
        writer.roll(0);
        return writer;
    }

    /** Goes on behind what was recovered. */
    static LogWriter goOn(Tools tools, Ledger ledger, List<Finished> before, End end) throws IOException {
        LogWriter writer = new LogWriter(tools, ledger, end);
        writer.finished.addAll(before);
        writer.file = tools.disk().open(LogNames.segment(end.number()));
        return writer;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Whether a record waits for room. */
    boolean stalled() {
        return unwritten.isPresent();
    }

    /**
     * Writes items as one record, durable when this returns.
     *
     * @throws Disk.NoSpace if there is no room: nothing was written. If {@link #stalled()}, the items were taken, and
     *     go before all others with {@link #retry()}
     */
    void write(List<Item> items) throws IOException {
        long needed = 0;
        for (Item item : items) {
            needed += ItemCodec.sizeMax(item);
        }
        if (end.offset() + RecordCodec.size(needed) + reserveBytes() > end.allocated()) {
            roll(RecordCodec.size(needed));
        }
        ByteWriter payload = new ByteWriter((int) needed);
        long max = 0;
        for (Item item : items) {
            Item taken = item instanceof Item.Marked marked ? settled(marked) : item;
            ledger.take(taken);
            ItemCodec.write(taken, payload);
            max = taken instanceof Item.Appended appended
                    ? Math.max(max, appended.entry().index())
                    : max;
        }
        unwritten = Optional.of(new Unwritten(RecordCodec.encode(end.chain(), payload.toBytes()), max));
        retry();
    }

    /** Writes the record that waits for room, if one does. */
    void retry() throws IOException {
        if (unwritten.isPresent()) {
            RecordCodec.Encoded record = unwritten.get().record();
            put(record);
            vouched = false;
            long max = Math.max(end.maxIndex(), unwritten.get().maxIndex());
            unwritten = Optional.empty();
            end = new End(
                    end.number(),
                    end.allocated(),
                    record.next(),
                    end.offset() + record.bytes().size(),
                    max);
        }
    }

    /**
     * Says that the last record is on the disk. Not synced: what a power cut takes of it costs nothing, and the end of
     * a process leaves it there.
     */
    void vouch() throws IOException {
        if (!vouched && unwritten.isEmpty() && hasPlaceForVoucher()) {
            vouched = true;
            Objects.requireNonNull(file)
                    .write(
                            voucherAt(),
                            RecordCodec.encode(end.chain(), Bytes.EMPTY).bytes());
        }
    }

    private long voucherAt() {
        return (end.offset() / sectorBytes + 1) * sectorBytes;
    }

    /** Always, but in a segment that was begun with smaller sectors, or by a version that left no room for it. */
    private boolean hasPlaceForVoucher() {
        return voucherAt() + VOUCHER_BYTES <= end.allocated();
    }

    /** What is left free behind the records of a segment, for a voucher or a seal. */
    private int reserveBytes() {
        return sectorBytes + Math.max(VOUCHER_BYTES, SEAL_BYTES);
    }

    /** Segments that no kept snapshot needs any more, the oldest first; they are forgotten here. */
    List<String> takeUnneeded() {
        List<String> names = new ArrayList<>();
        while (!finished.isEmpty() && finished.peek().lastIndex() <= ledger.neededFrom()) {
            names.add(LogNames.segment(finished.remove().number()));
        }
        return names;
    }

    void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    /** As {@link #close}, with nothing left to be doubted. */
    void finish() throws IOException {
        try {
            vouch();
            Objects.requireNonNull(file).sync();
        } finally {
            close();
        }
    }

    private Item.Marked settled(Item.Marked marked) {
        boolean continues = ledger.holds(marked.mark().index(), marked.mark().term());
        return new Item.Marked(marked.mark(), marked.checksum(), continues);
    }

    private void put(RecordCodec.Encoded record) throws IOException {
        Disk.File open = Objects.requireNonNull(file);
        open.write(end.offset(), overVoucher(record.bytes()));
        open.sync();
    }

    /** A voucher is written over as a whole, or left: what remained of it would look like an unfinished record. */
    private Bytes overVoucher(Bytes record) {
        long left = voucherAt() + VOUCHER_BYTES - (end.offset() + record.size());
        boolean partly = left > 0 && left < VOUCHER_BYTES && hasPlaceForVoucher();
        return partly ? Bytes.wrap(Arrays.copyOf(record.toArray(), record.size() + (int) left)) : record;
    }

    /** Goes on in a new segment with room for so many bytes of records. */
    private void roll(long bytes) throws IOException {
        long salt = random.nextLong();
        Chain chain = end.chain().salted(salt);
        long number = end.number() + 1;
        Bytes sample = head(number, 0, chain).encode();
        Spares.Spare spare = spares.take(sample.size() + bytes + reserveBytes());
        Bytes head = head(number, spare.bytes(), chain).encode();
        Disk.File next = disk.open(spare.name());
        try {
            next.write(0, head);
            next.sync();
            disk.rename(spare.name(), LogNames.segment(number));
        } catch (Disk.NoSpace full) {
            next.close();
            spares.putBack(spare);
            throw full;
        }
        disk.syncDirectory();
        if (file != null) {
            seal();
            file.close();
            finished.add(new Finished(end.number(), end.maxIndex()));
        }
        file = next;
        vouched = true; // by its head, for the segment before
        end = new End(number, spare.bytes(), chain, head.size(), 0);
    }

    /** There is room for it: it was left out of what a segment may hold. */
    private void seal() throws IOException {
        ByteWriter payload = new ByteWriter();
        ItemCodec.write(new Item.Sealed(), payload);
        try {
            put(RecordCodec.encode(end.chain(), payload.toBytes()));
        } catch (Disk.NoSpace full) {
            // A crash could have left it out as well.
            spares.foundNoRoom();
        }
    }

    private SegmentHead head(long number, long allocated, Chain chain) {
        return new SegmentHead(label, number, allocated, chain, ledger.lastIndex(), ledger.hardState(), ledger.marks());
    }
}
