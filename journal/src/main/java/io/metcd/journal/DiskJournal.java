package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Disk;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.journal.Backlog.Waiting;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A journal in files: a log in segments, and the two newest snapshots.
 *
 * <pre>
 * append ──► waiting ──► [log worker] one record, one sync for all that waits ──► completions, in order
 * snapshot ─► pieces ──► [background] file, sync, name ──► mark ──► waiting
 *                        [background] prepares segments, deletes what no snapshot needs
 * </pre>
 *
 * <p>A record counts as a whole or not at all, and the next one is begun when it is durable. A snapshot counts from its
 * mark in the log on. After an error of the disk nothing is written any more, and nothing more is acknowledged; a full
 * disk is no error: batches wait until there is room.
 */
public final class DiskJournal implements Journal {
    /** On a full disk: until room is looked for again. */
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final Limits limits;
    private final Workers workers;
    private final Clock clock;
    private final LogWriter log;
    private final SnapshotShelf shelf;
    private final Spares spares;
    private final Disk disk;
    private final SnapshotPace pace = new SnapshotPace();

    private final Object lock = new Object();
    private final Backlog backlog;

    /** Until the first batch, that nobody keeps it in memory. */
    private Optional<Recovered> recovered;

    private boolean filling;
    private long fillNotBefore;

    /**
     * What a journal works with.
     *
     * @param random for the salts of its files
     */
    public record Setup(Limits limits, Clock clock, RandomSource random, Workers workers) {
        /** A real one. */
        public static Setup of(Limits limits, Workers workers) {
            return new Setup(limits, Clock.system(), RandomSource.system(), workers);
        }
    }

    private DiskJournal(Disk disk, Bytes label, Setup setup) throws IOException {
        this.disk = disk;
        this.limits = setup.limits();
        this.backlog = new Backlog(limits);
        this.workers = setup.workers();
        this.clock = setup.clock();
        long began = clock.nanos();
        List<String> files = disk.list();
        for (String name : files) {
            if (LogNames.isPart(name)) {
                disk.delete(name);
            }
        }
        this.spares = new Spares(disk, limits);
        spares.adopt(files);
        LogWriter.Tools tools = new LogWriter.Tools(disk, label, setup.random().fork(), spares);
        if (files.stream().anyMatch(LogNames::isSegment)) {
            Recovery.Result found = Recovery.run(disk, label);
            this.log = LogWriter.goOn(tools, found.ledger(), found.finished(), found.end());
            this.recovered = Optional.of(found.recovered(clock.nanos() - began));
            found.entries().forEach(entry -> pace.log(entry.sizeBytes()));
            pace.recovered(found.snapshotBytes());
        } else if (files.stream().anyMatch(LogNames::isSnapshot)) {
            throw new JournalDamage("there are snapshots, but the log is gone: " + JournalDamage.FROM_PEERS);
        } else {
            this.log = LogWriter.begin(tools);
            this.recovered = Optional.of(Recovered.NOTHING);
        }
        this.shelf = new SnapshotShelf(
                disk, label, setup.random().fork(), log.ledger().newestIndex());
        shelf.deleteAllBut(log.ledger().marks());
        deleteSegments(log.takeUnneeded());
        vouch();
        fill();
    }

    /**
     * Opens the journal of one member, or begins one.
     *
     * @param label whose journal this is; another's is refused
     * @throws JournalDamage if what is there cannot be trusted
     */
    public static DiskJournal open(Disk disk, Bytes label, Setup setup) throws IOException {
        return new DiskJournal(disk, label, setup);
    }

    @Override
    public Recovered recovered() {
        synchronized (lock) {
            Invariants.check(recovered.isPresent(), "what was recovered is asked for before the first batch");
            return recovered.orElseThrow();
        }
    }

    @Override
    public void append(Optional<HardState> state, List<Entry> entries, Completion completion) {
        List<Item> items = new ArrayList<>(entries.size() + 1);
        state.ifPresent(each -> items.add(new Item.State(each)));
        long bytes = 0;
        for (Entry entry : entries) {
            items.add(new Item.Appended(entry));
            bytes += entry.sizeBytes();
        }
        if (items.isEmpty() && backlog.isIdle()) {
            completion.durable();
            return;
        }
        enqueue(new Waiting(items, bytes, completion));
    }

    @Override
    public boolean hasRoom() {
        return backlog.hasRoom();
    }

    @Override
    public SnapshotSink snapshot(SnapshotMark mark) {
        return new Sink(mark);
    }

    @Override
    public long bytesSinceSnapshot() {
        return pace.since(clock.nanos());
    }

    @Override
    public long snapshotBytes() {
        return pace.newestBytes();
    }

    @Override
    public boolean spaceLow() {
        boolean low = spares.low();
        if (low) {
            fill();
        }
        return low;
    }

    @Override
    public void close() {
        if (backlog.close()) {
            workers.background().execute(shelf::close);
            workers.log().execute(this::finish);
        }
    }

    private void enqueue(Waiting batch) {
        Optional<IOException> failure = backlog.takeUntold();
        if (failure.isPresent()) {
            batch.completion().failed(failure.get());
            return;
        }
        if (backlog.isOver()) {
            return;
        }
        synchronized (lock) {
            recovered = Optional.empty();
        }
        pace.log(batch.bytes());
        if (backlog.add(batch)) {
            workers.log().execute(this::work);
        }
    }

    /** On the log's worker: writes what waits, as one record. */
    private void work() {
        if (backlog.goesOn(writeGroup())) {
            workers.log().execute(this::work);
        } else {
            vouch();
        }
    }

    /** When nothing waits: a busy log's next record says the same. */
    private void vouch() {
        try {
            if (!backlog.isFailed()) {
                log.vouch();
            }
        } catch (Disk.NoSpace full) {
            spares.foundNoRoom();
        } catch (IOException e) {
            fail(e, Optional.empty());
        }
    }

    /** True if something was written, so that there may be more to do. */
    private boolean writeGroup() {
        if (backlog.isFailed()) {
            return false;
        }
        List<Waiting> group = backlog.takeGroup();
        try {
            write(group);
        } catch (Disk.NoSpace full) {
            spares.foundNoRoom();
            backlog.putBack(group, log.stalled());
            return false;
        } catch (IOException e) {
            fail(
                    e,
                    group.isEmpty()
                            ? Optional.empty()
                            : Optional.of(group.get(0).completion()));
            return false;
        }
        group.forEach(batch -> batch.completion().durable());
        if (spares.missing() && !spares.low()) {
            fill();
        }
        return true;
    }

    private void write(List<Waiting> group) throws IOException {
        log.retry();
        List<Item> items = new ArrayList<>();
        group.forEach(batch -> items.addAll(batch.items()));
        if (!items.isEmpty()) {
            log.write(items);
        }
    }

    /** In the background: makes ready what will be needed, and lets go on what waited for room. */
    private void fill() {
        synchronized (lock) {
            long now = clock.nanos();
            boolean early = spares.low() && now - fillNotBefore < 0;
            if (filling || backlog.isOver() || early) {
                return;
            }
            filling = true;
            fillNotBefore = now + RETRY_NANOS;
        }
        workers.background().execute(() -> {
            boolean roomy = false;
            try {
                roomy = spares.fill(this::isOver);
            } catch (IOException e) {
                fail(e, Optional.empty());
            }
            resume(roomy);
        });
    }

    /** The oldest first, each for good before the next: what is left is always without a gap. */
    private void deleteSegments(List<String> names) throws IOException {
        for (String name : names) {
            disk.delete(name);
            disk.syncDirectory();
        }
    }

    /** On the log's worker: on a full disk one snapshot must do, so the older one goes, and the log that it alone needs. */
    private void dropOlderSnapshot() {
        if (isOver() || !log.ledger().dropOlder()) {
            return;
        }
        List<SegmentHead.Kept> marks = log.ledger().marks();
        List<String> unneeded = log.takeUnneeded();
        workers.background().execute(() -> cleanUp(marks, unneeded));
    }

    private void cleanUp(List<SegmentHead.Kept> marks, List<String> unneeded) {
        try {
            deleteSegments(unneeded);
            shelf.deleteOlderThan(marks);
        } catch (IOException e) {
            fail(e, Optional.empty());
        }
    }

    private void resume(boolean roomy) {
        synchronized (lock) {
            filling = false;
        }
        if (roomy && backlog.resume()) {
            workers.log().execute(this::work);
        }
    }

    private boolean isOver() {
        return backlog.isOver();
    }

    private void fail(IOException cause, Optional<Completion> first) {
        backlog.fail(cause, first);
    }

    /** On the log's worker, last of all. */
    private void finish() {
        boolean more = true;
        while (more) {
            more = backlog.isUnfinished() && writeGroup();
        }
        try {
            if (backlog.isFailed()) {
                log.close();
            } else {
                log.finish();
            }
        } catch (IOException e) {
            fail(e, Optional.empty());
        }
    }

    /** Takes one snapshot: pieces wait for the background. */
    private final class Sink implements SnapshotSink {
        private final SnapshotMark mark;
        private final long startedAt;
        /** Of the background worker alone. */
        private long bytes;

        private final SnapshotShelf.Place place;
        private long pending;

        Sink(SnapshotMark mark) {
            this.mark = mark;
            this.place = shelf.place(mark);
            this.startedAt = pace.place();
        }

        @Override
        public void write(Bytes chunk) {
            if (chunk.isEmpty()) {
                return;
            }
            count(chunk.size());
            workers.background().execute(() -> {
                add(chunk);
                count(-chunk.size());
            });
        }

        @Override
        public void write(Supplier<Optional<Bytes>> piece) {
            workers.background().execute(() -> {
                if (!isOver()) {
                    piece.get().ifPresent(this::add);
                }
            });
        }

        private void add(Bytes chunk) {
            bytes += chunk.size();
            place.add(chunk);
        }

        @Override
        public boolean hasRoom() {
            synchronized (lock) {
                return pending < limits.sinkBytesMax();
            }
        }

        @Override
        public void commit(Completion completion) {
            long before = pace.complete(startedAt);
            workers.background().execute(() -> finish(completion, before));
        }

        @Override
        public void abandon() {
            workers.background().execute(place::abandon);
        }

        private void count(long bytes) {
            synchronized (lock) {
                pending += bytes;
            }
        }

        private void finish(Completion completion, long before) {
            if (isOver()) {
                place.abandon();
                return;
            }
            try {
                Optional<Integer> checksum = place.finish();
                // An older snapshot than the newest is of no use, but its owner waits in the same row as all.
                List<Item> items = checksum.<List<Item>>map(sum -> List.of(new Item.Marked(mark, sum, false)))
                        .orElse(List.of());
                pace.written(bytes);
                enqueue(new Waiting(items, 0, new Marking(completion)));
            } catch (Disk.NoSpace full) {
                spares.foundNoRoom();
                place.abandon();
                pace.foundNoRoom(before, clock.nanos());
                workers.log().execute(DiskJournal.this::dropOlderSnapshot);
                completion.noSpace();
            } catch (IOException e) {
                fail(e, Optional.of(completion));
            }
        }
    }

    /** A mark is on the disk: what it replaces can go. */
    private final class Marking implements Completion {
        private final Completion owner;

        Marking(Completion owner) {
            this.owner = owner;
        }

        @Override
        public void durable() {
            List<SegmentHead.Kept> marks = log.ledger().marks();
            List<String> unneeded = log.takeUnneeded();
            owner.durable();
            workers.background().execute(() -> cleanUp(marks, unneeded));
        }

        @Override
        public void failed(IOException cause) {
            owner.failed(cause);
        }
    }
}
