package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.RecordCodec;
import io.metcd.journal.segment.Scan;
import java.io.IOException;

/** A file of numbered records that grows at its end. */
final class RecordFile {
    private final Disk disk;
    private String name;
    private Disk.File file;
    private long bytes;
    private long records;

    private RecordFile(Disk disk, String name) throws IOException {
        this.disk = disk;
        this.name = name;
        this.file = disk.open(name);
    }

    /** An empty file, in place of whatever has this name. */
    static RecordFile begin(Disk disk, String name) throws IOException {
        RecordFile begun = new RecordFile(disk, name);
        begun.file.truncate(0);
        return begun;
    }

    /** A file that goes on behind its valid records; what is torn behind them is cut off. */
    static RecordFile goOn(Disk disk, String name, Scan scan) throws IOException {
        RecordFile opened = new RecordFile(disk, name);
        if (scan.tornBytes() > 0) {
            opened.file.truncate(scan.validBytes());
            opened.file.sync();
        }
        opened.bytes = scan.validBytes();
        opened.records = scan.records().size();
        return opened;
    }

    /** What a file holds; one that is damaged is refused. */
    static Scan scan(Disk disk, String name) throws IOException {
        try (Disk.File file = disk.open(name)) {
            Scan scan = Scan.of(file.read(0, Math.toIntExact(file.size())));
            if (scan.damaged()) {
                throw new JournalDamage("the file " + name + " is damaged at byte " + scan.validBytes()
                        + ": whole records follow a broken one");
            }
            return scan;
        }
    }

    long bytes() {
        return bytes;
    }

    /** Adds a record, not durable yet; returns where its payload begins. */
    long add(Bytes payload) throws IOException {
        Bytes record = RecordCodec.encode(records, payload);
        file.write(bytes, record);
        long payloadAt = bytes + RecordCodec.HEADER_BYTES;
        bytes += record.size();
        records++;
        return payloadAt;
    }

    Bytes read(long offset, int size) throws IOException {
        return file.read(offset, size);
    }

    void sync() throws IOException {
        file.sync();
    }

    /** Makes it durable under its final name. */
    void finish(String finalName) throws IOException {
        file.sync();
        file.close();
        disk.rename(name, finalName);
        disk.syncDirectory();
        name = finalName;
        file = disk.open(finalName);
    }

    void close() throws IOException {
        file.close();
    }
}
