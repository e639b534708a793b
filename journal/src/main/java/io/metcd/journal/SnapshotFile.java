package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.Chain;
import io.metcd.journal.segment.FileHead;
import io.metcd.journal.segment.RecordCodec;
import io.metcd.journal.segment.RecordStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A snapshot in a file: a head, a record for each chunk, and an empty record as its end. The checksum of the end
 * vouches for the whole file, and the log repeats it.
 *
 * <pre>head: label bytes, salt u64, then: index varint, term varint, configuration bytes</pre>
 */
final class SnapshotFile {
    private static final int SYNC_BYTES = 8 << 20;
    private static final int WINDOW_BYTES = 1 << 20;

    private SnapshotFile() {}

    /** A snapshot, and a number that no other unfinished one has. */
    record Numbered(SnapshotMark mark, long number) {}

    /** A file that is being written. */
    static final class Writing {
        private final Disk disk;
        private final String part;
        private final Disk.File file;
        private final SnapshotMark mark;
        private Chain chain;
        private long offset;
        private long synced;

        Writing(Disk disk, Bytes label, Chain start, Numbered numbered) throws IOException {
            this.disk = disk;
            this.mark = numbered.mark();
            this.part = LogNames.part(LogNames.snapshot(mark.index()) + "-" + numbered.number());
            this.file = disk.open(part);
            this.chain = start;
            ByteWriter body = new ByteWriter().bytes(label).u64(chain.salt());
            ItemCodec.write(mark, body);
            try {
                file.truncate(0);
                put(FileHead.encode(FileHead.Kind.SNAPSHOT, body.toBytes()));
            } catch (Disk.NoSpace full) {
                abandon();
                throw full;
            }
        }

        void add(Bytes chunk) throws IOException {
            RecordCodec.Encoded record = RecordCodec.encode(chain, chunk);
            put(record.bytes());
            chain = record.next();
            if (offset - synced >= SYNC_BYTES) {
                // In small steps: one long sync at the end would hold up the log's.
                file.sync();
                synced = offset;
            }
        }

        /** Durable under its name when this returns; the checksum of the whole. */
        int finish() throws IOException {
            add(Bytes.EMPTY);
            file.sync();
            file.close();
            disk.rename(part, LogNames.snapshot(mark.index()));
            disk.syncDirectory();
            return chain.previous();
        }

        void abandon() throws IOException {
            file.close();
            disk.delete(part);
        }

        private void put(Bytes bytes) throws IOException {
            file.write(offset, bytes);
            offset += bytes.size();
        }
    }

    /** Reads the whole file, and returns its size; throws {@link JournalDamage} if it is not what the log says. */
    static long verify(Disk disk, Bytes label, SegmentHead.Kept kept) throws IOException {
        try (Reading reading = new Reading(disk, label, kept)) {
            while (reading.next().isPresent()) {
                // Reading checks.
            }
            return reading.stream.offset();
        }
    }

    /** The chunks, read and checked as they are iterated. */
    static Iterable<Bytes> chunks(Disk disk, Bytes label, SegmentHead.Kept kept) {
        return () -> {
            try {
                return new Chunks(new Reading(disk, label, kept));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private static final class Reading implements AutoCloseable {
        private final String name;
        private final int checksum;
        private final Disk.File file;
        private final RecordStream stream;

        Reading(Disk disk, Bytes label, SegmentHead.Kept kept) throws IOException {
            this.name = LogNames.snapshot(kept.mark().index());
            this.checksum = kept.checksum();
            if (!disk.list().contains(name)) {
                throw new JournalDamage("the file " + name + " is missing: " + JournalDamage.FROM_PEERS);
            }
            this.file = disk.open(name);
            try {
                FileHead.Read head = FileHead.decode(FileHead.Kind.SNAPSHOT, file.read(0, FileHead.BYTES_MAX));
                ByteReader body = new ByteReader(head.body());
                if (!body.bytes().equals(label)) {
                    throw new JournalDamage("the file " + name + " is of another directory, and so of another member"
                            + " or cluster: put the right one back, or else " + JournalDamage.FROM_PEERS);
                }
                long salt = body.u64();
                if (!ItemCodec.readMark(body).equals(kept.mark())) {
                    throw JournalDamage.at(name, 0, "it is as of another place in the log than its name says");
                }
                this.stream =
                        new RecordStream(file::read, file.size(), head.end(), new Chain(salt, 1, 0), WINDOW_BYTES);
            } catch (ByteReader.Malformed malformed) {
                file.close();
                throw JournalDamage.at(name, 0, String.valueOf(malformed.getMessage()));
            } catch (IOException e) {
                file.close();
                throw e;
            }
        }

        /** The next chunk; empty at the end, and only there. */
        Optional<Bytes> next() throws IOException {
            Optional<Bytes> record = stream.next();
            if (record.isEmpty()) {
                throw JournalDamage.at(
                        name, stream.offset(), "the checksum of a piece is wrong, or its end is missing");
            }
            if (!record.get().isEmpty()) {
                return record;
            }
            if (stream.offset() != file.size()) {
                throw JournalDamage.at(name, stream.offset(), "something follows its end");
            }
            if (stream.chain().previous() != checksum) {
                throw JournalDamage.at(name, 0, "it is whole, but not the one that the log names");
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Closes its file at the end. */
    private static final class Chunks implements Iterator<Bytes> {
        private final Reading reading;
        private Optional<Bytes> next;

        Chunks(Reading reading) throws IOException {
            this.reading = reading;
            this.next = advance();
        }

        @Override
        public boolean hasNext() {
            return next.isPresent();
        }

        @Override
        public Bytes next() {
            Bytes chunk = next.orElseThrow(NoSuchElementException::new);
            try {
                next = advance();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return chunk;
        }

        private Optional<Bytes> advance() throws IOException {
            Optional<Bytes> chunk = reading.next();
            if (chunk.isEmpty()) {
                reading.close();
            }
            return chunk;
        }
    }
}
