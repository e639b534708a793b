package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.Chain;
import io.metcd.journal.segment.Scan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells what is written in the log of a directory, also of a damaged one: every record that is right in itself, and
 * what lies between. Changes nothing.
 */
public final class LogDump {
    /** One thing that was found. */
    public sealed interface Line {
        /** The name of the file. */
        String file();

        /** Where it stands there. */
        long offset();
    }

    /**
     * An item of a record.
     *
     * @param offset of its record
     * @param record its number in the log; several items may share it
     * @param bytes of the whole record
     */
    public record Written(String file, long offset, long record, int bytes, Item item) implements Line {}

    /**
     * Bytes that are not as they were written, and what it means.
     *
     * @param unfinished whether it is the last record, which may be so after a crash; else it is damage
     */
    public record Broken(String file, long offset, String what, boolean unfinished) implements Line {}

    private final Disk disk;
    private final Consumer<Line> to;
    /** Where the next segment must begin, if that is known. */
    private Optional<Chain> expected = Optional.empty();
    /** Whether the last record names a next segment. */
    private boolean sealed;

    private LogDump(Disk disk, Consumer<Line> to) {
        this.disk = disk;
        this.to = to;
    }

    /** Reads every segment, in order; how many there are. */
    public static int read(Disk disk, Consumer<Line> to) throws IOException {
        TreeSet<Long> numbers = new TreeSet<>();
        disk.list().forEach(name -> LogNames.segmentNumber(name).ifPresent(numbers::add));
        LogDump dump = new LogDump(disk, to);
        for (long number : numbers) {
            dump.segment(LogNames.segment(number), number == numbers.last());
        }
        if (dump.sealed) {
            dump.broken(LogNames.segment(numbers.last() + 1), 0, "it is missing, and the one before it names it");
        }
        return numbers.size();
    }

    private void segment(String name, boolean last) throws IOException {
        Bytes content;
        try (Disk.File file = disk.open(name)) {
            content = file.read(0, (int) Math.min(Integer.MAX_VALUE - 8L, file.size()));
        }
        Segment segment;
        try {
            segment = Segment.decode(name, content);
        } catch (JournalDamage damage) {
            broken(name, 0, damage.getMessage());
            expected = Optional.empty();
            return;
        }
        SegmentHead head = segment.head();
        if (content.size() < head.allocated()) {
            broken(name, content.size(), "it ends there, and was made with " + head.allocated() + " bytes");
        }
        if (expected.isPresent() && !expected.get().meets(head.chain())) {
            broken(name, 0, "it does not go on where the file before it ends");
        }
        records(segment, content, last);
    }

    private void records(Segment segment, Bytes content, boolean last) {
        Chain chain = segment.head().chain();
        Optional<Scan> scan = Optional.of(Scan.of(content, segment.recordsAt(), chain));
        while (scan.isPresent()) {
            Scan part = scan.get();
            if (!part.isVoucher()) {
                tell(segment.name(), part);
            }
            scan = part.tornBytes() == 0 ? Optional.empty() : Scan.resume(content, part.validBytes() + 1, chain.salt());
            if (part.tornBytes() > 0) {
                boolean torn = last && !part.damaged();
                String record = "record " + part.end().number();
                to.accept(new Broken(
                        segment.name(),
                        part.validBytes(),
                        record + (torn ? " was never finished: it is cut off when the member starts" : " is broken"),
                        torn));
            }
        }
    }

    private void tell(String name, Scan part) {
        expected = Optional.of(part.end());
        for (Scan.Found record : part.records()) {
            List<Item> items = new ArrayList<>();
            try {
                ItemCodec.read(record.payload(), items::add);
            } catch (ByteReader.Malformed malformed) {
                broken(name, record.offset(), "its checksum is right, but " + malformed.getMessage());
            }
            for (Item item : items) {
                to.accept(new Written(
                        name, record.offset(), record.number(), record.payload().size(), item));
                sealed = item instanceof Item.Sealed;
                if (sealed) {
                    // The next segment was begun before this was written, and does not count it.
                    expected = Optional.empty();
                }
            }
        }
    }

    private void broken(String name, long offset, @Nullable String what) {
        to.accept(new Broken(name, offset, String.valueOf(what), false));
    }
}
