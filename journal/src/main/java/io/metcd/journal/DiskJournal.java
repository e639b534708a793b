package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import io.metcd.journal.segment.Scan;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.codec.EntryCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A journal in files: one log, and beside it the snapshot that it goes on from.
 *
 * <pre>
 * log-0000000000000007       head (which snapshot), then a record for each batch
 * snapshot-0000000000000007  the pieces of the state that this log goes on from, then an empty record
 * *.part                     unfinished: deleted when the journal is opened
 * </pre>
 *
 * <p>A batch is one record and one sync. A new snapshot begins a new log: the snapshot is made durable first, then a
 * log with what must be kept behind it; giving that log its name is the moment from which both count, and the old two
 * are deleted afterwards. Opening takes the log with the highest number.
 *
 * <p>After an error of the disk nothing is written any more, and nothing more is acknowledged.
 */
public final class DiskJournal implements Journal {
    private static final String LOG = "log-";
    private static final String SNAPSHOT = "snapshot-";
    private static final String PART = ".part";

    private final Disk disk;
    private final Bytes label;
    private final EntryPlaces places = new EntryPlaces();
    private final Recovered recovered;
    private HardState hardState = HardState.EMPTY;
    private long number;
    private RecordFile log;
    private long sinks;
    private Optional<IOException> failure = Optional.empty();

    private DiskJournal(Disk disk, Bytes label) throws IOException {
        this.disk = disk;
        this.label = label;
        this.number = newestLog();
        if (number == 0) {
            number = 1;
            RecordFile fresh = RecordFile.begin(disk, name(LOG, number) + PART);
            fresh.add(new Batch.Head(label, Optional.empty()).encode());
            places.reset(0);
            fresh.finish(name(LOG, number));
            this.log = fresh;
            this.recovered = Recovered.NOTHING;
        } else {
            Scan scan = RecordFile.scan(disk, name(LOG, number));
            this.recovered = recover(scan);
            this.log = RecordFile.goOn(disk, name(LOG, number), scan);
        }
        deleteOthers();
    }

    /**
     * Opens the journal of one member, or begins one.
     *
     * @param label whose journal this is; another's is refused
     * @throws JournalDamage if what is there cannot be trusted
     */
    public static DiskJournal open(Disk disk, Bytes label) throws IOException {
        return new DiskJournal(disk, label);
    }

    /**
     * What a journal works with.
     *
     * @param random for the salts of its files
     */
    public record Setup(Limits limits, Clock clock, RandomSource random, Workers workers) {
        /** A real one. */
        public static Setup of(Workers workers) {
            return new Setup(Limits.DEFAULT, Clock.system(), RandomSource.system(), workers);
        }
    }

    /** Opens the journal of one member, or begins one. */
    public static DiskJournal open(Disk disk, Bytes label, Setup setup) throws IOException {
        return new DiskJournal(disk, label);
    }

    @Override
    public Recovered recovered() {
        return recovered;
    }

    @Override
    public void append(Optional<HardState> state, List<Entry> entries, Completion completion) {
        try {
            refuseAfterFailure();
            if (state.isPresent() || !entries.isEmpty()) {
                write(state, entries);
                log.sync();
            }
        } catch (IOException e) {
            failure = Optional.of(e);
            completion.failed(e);
            return;
        }
        completion.durable();
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public boolean spaceLow() {
        return false;
    }

    @Override
    public SnapshotSink snapshot(SnapshotMark mark) {
        return new Sink(mark);
    }

    @Override
    public long bytesSinceSnapshot() {
        return log.bytes();
    }

    @Override
    public void close() {
        try {
            log.close();
        } catch (IOException e) {
            // Everything acknowledged was synced before.
            failure = Optional.of(e);
        }
    }

    private void write(Optional<HardState> state, List<Entry> entries) throws IOException {
        List<Bytes> encoded = new ArrayList<>(entries.size());
        entries.forEach(entry -> encoded.add(Batch.encode(entry)));
        Batch.Encoded batch = Batch.encode(state, encoded);
        long payloadAt = log.add(batch.payload());
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            int size = encoded.get(i).size();
            places.put(entry.index(), entry.term(), payloadAt + batch.offsets()[i], size);
        }
        state.ifPresent(newest -> hardState = newest);
    }

    private void refuseAfterFailure() throws IOException {
        if (failure.isPresent()) {
            throw new IOException("the journal has failed before", failure.get());
        }
    }

    private Recovered recover(Scan scan) throws IOException {
        String file = name(LOG, number);
        if (scan.records().isEmpty()) {
            throw new JournalDamage("the file " + file + " does not begin with a record");
        }
        try {
            Batch.Head head = Batch.Head.decode(scan.records().get(0).payload());
            if (!head.label().equals(label)) {
                throw new JournalDamage("the file " + file
                        + " is another member's: start this member with the directory that it was made with");
            }
            Optional<Recovered.Snapshot> snapshot = Optional.empty();
            if (head.mark().isPresent()) {
                snapshot = Optional.of(new Recovered.Snapshot(head.mark().get(), pieces()));
            }
            places.reset(head.mark().map(SnapshotMark::index).orElse(0L));
            List<Entry> entries = replay(scan);
            return new Recovered(hardState, snapshot, entries, new Recovered.Report(0, 0, 0, scan.tornBytes(), 0));
        } catch (ByteReader.Malformed malformed) {
            throw new JournalDamage(
                    "the file " + file + " holds what this version cannot read: " + malformed.getMessage());
        }
    }

    private List<Entry> replay(Scan scan) {
        List<Entry> entries = new ArrayList<>();
        for (Scan.Found record : scan.records().subList(1, scan.records().size())) {
            Batch batch = Batch.decode(record.payload());
            batch.hardState().ifPresent(state -> hardState = state);
            for (Batch.Placed placed : batch.entries()) {
                Entry entry = placed.entry();
                places.put(entry.index(), entry.term(), record.offset() + placed.offset(), placed.size());
                int from = (int) (entry.index() - places.firstIndex());
                entries.subList(from, entries.size()).clear();
                entries.add(new Entry(
                        entry.term(), entry.index(), entry.kind(), entry.data().compact()));
            }
        }
        return entries;
    }

    private List<Bytes> pieces() throws IOException {
        String name = name(SNAPSHOT, number);
        Scan scan = RecordFile.scan(disk, name);
        int count = scan.records().size() - 1;
        boolean whole = count >= 0
                && scan.tornBytes() == 0
                && scan.records().get(count).payload().isEmpty();
        if (!whole) {
            throw new JournalDamage("the file " + name + " is damaged at byte " + scan.validBytes());
        }
        return scan.records().subList(0, count).stream()
                .map(record -> record.payload().compact())
                .toList();
    }

    private long newestLog() throws IOException {
        long newest = 0;
        for (String file : disk.list()) {
            if (file.startsWith(LOG) && !file.endsWith(PART)) {
                newest = Math.max(newest, Long.parseUnsignedLong(file.substring(LOG.length()), 16));
            }
        }
        return newest;
    }

    private void deleteOthers() throws IOException {
        for (String file : disk.list()) {
            boolean ours = file.startsWith(LOG) || file.startsWith(SNAPSHOT);
            if (ours && !file.equals(name(LOG, number)) && !file.equals(name(SNAPSHOT, number))) {
                disk.delete(file);
            }
        }
    }

    private static String name(String kind, long number) {
        return kind + String.format("%016x", number);
    }

    /** Begins a new log behind a durable snapshot. */
    private void switchTo(SnapshotMark mark, RecordFile snapshot) throws IOException {
        long next = number + 1;
        RecordFile fresh = RecordFile.begin(disk, name(LOG, next) + PART);
        fresh.add(new Batch.Head(label, Optional.of(mark)).encode());
        boolean same = places.has(mark.index()) && places.term(mark.index()) == mark.term();
        long last = same ? places.lastIndex() : mark.index();
        List<Entry> kept = new ArrayList<>();
        for (long index = mark.index() + 1; index <= last; index++) {
            ByteReader reader = new ByteReader(log.read(places.offset(index), places.size(index)));
            kept.add(EntryCodec.read(reader));
        }
        RecordFile old = log;
        log = fresh;
        places.reset(mark.index());
        write(Optional.of(hardState), kept);
        snapshot.finish(name(SNAPSHOT, next));
        fresh.finish(name(LOG, next));
        snapshot.close();
        old.close();
        disk.delete(name(LOG, number));
        if (disk.list().contains(name(SNAPSHOT, number))) {
            disk.delete(name(SNAPSHOT, number));
        }
        number = next;
    }

    /** Takes one snapshot. */
    private final class Sink implements SnapshotSink {
        private final SnapshotMark mark;
        private final String name;
        private Optional<RecordFile> file = Optional.empty();
        private Optional<IOException> broken = Optional.empty();

        Sink(SnapshotMark mark) {
            this.mark = mark;
            this.name = name(SNAPSHOT, number + 1) + "-" + ++sinks + PART;
        }

        @Override
        public void write(Bytes chunk) {
            try {
                if (file.isEmpty()) {
                    file = Optional.of(RecordFile.begin(disk, name));
                }
                file.get().add(chunk);
            } catch (IOException e) {
                broken = Optional.of(e);
            }
        }

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void commit(Completion completion) {
            write(Bytes.EMPTY);
            try {
                refuseAfterFailure();
                if (broken.isPresent()) {
                    throw broken.get();
                }
                if (mark.index() < places.firstIndex()) {
                    abandon();
                } else {
                    switchTo(mark, file.orElseThrow());
                }
            } catch (IOException e) {
                failure = Optional.of(e);
                completion.failed(e);
                return;
            }
            completion.durable();
        }

        @Override
        public void abandon() {
            try {
                if (file.isPresent()) {
                    file.get().close();
                    disk.delete(name);
                }
            } catch (IOException e) {
                // What is left is deleted at the next opening.
                broken = Optional.of(e);
            }
            file = Optional.empty();
        }
    }
}
