package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Disk;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    /** Whether the log's worker has been called, and has not returned yet. */
    private boolean working;

    /** Until the first batch, that nobody keeps it in memory. */
    private Optional<Recovered> recovered;

    private boolean filling;
    private long fillNotBefore;
    private boolean failed;
    private Optional<IOException> untold = Optional.empty();
    private boolean closed;

    /** What waits for the log. */
    private record Waiting(List<Item> items, long bytes, Completion completion) {}

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
        if (items.isEmpty() && isIdle()) {
            completion.durable();
            return;
        }
        enqueue(new Waiting(items, bytes, completion));
    }

    @Override
    public boolean hasRoom() {
        synchronized (lock) {
            return waiting.size() < limits.pendingBatchesMax() && waitingBytes < limits.pendingBytesMax();
        }
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
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        workers.background().execute(shelf::close);
        workers.log().execute(this::finish);
    }

    private boolean isIdle() {
        synchronized (lock) {
            return waiting.isEmpty() && !working && !failed && !closed;
        }
    }

    private void enqueue(Waiting batch) {
        Optional<IOException> failure = takeUntold();
        if (failure.isPresent()) {
            batch.completion().failed(failure.get());
            return;
        }
        boolean begin;
        synchronized (lock) {
            if (failed || closed) {
                return;
            }
            recovered = Optional.empty();
            waiting.add(batch);
            waitingBytes += batch.bytes();
            pace.log(batch.bytes());
            begin = !working;
            working = true;
        }
        if (begin) {
            workers.log().execute(this::work);
        }
    }

    /** On the log's worker: writes what waits, as one record. */
    private void work() {
        boolean more = writeGroup();
        synchronized (lock) {
            more &= !waiting.isEmpty();
            working = more;
        }
        if (more) {
            workers.log().execute(this::work);
        }
    }

    /** True if something was written, so that there may be more to do. */
    private boolean writeGroup() {
        if (isFailed()) {
            return false;
        }
        List<Waiting> group = takeGroup();
        try {
            write(group);
        } catch (Disk.NoSpace full) {
            spares.foundNoRoom();
            putBack(group);
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

    private List<Waiting> takeGroup() {
        List<Waiting> group = new ArrayList<>();
        long bytes = 0;
        synchronized (lock) {
            while (!failed && !waiting.isEmpty()) {
                long next = waiting.element().bytes();
                if (!group.isEmpty() && bytes + next > limits.groupBytesMax()) {
                    break;
                }
                bytes += next;
                group.add(waiting.remove());
            }
            waitingBytes -= bytes;
        }
        return group;
    }

    /** The disk is full: they wait. What the log has taken already goes before them, and is not written twice. */
    private void putBack(List<Waiting> group) {
        synchronized (lock) {
            for (int i = group.size() - 1; i >= 0; i--) {
                Waiting batch = group.get(i);
                List<Item> left = log.stalled() ? List.of() : batch.items();
                waiting.addFirst(new Waiting(left, batch.bytes(), batch.completion()));
                waitingBytes += batch.bytes();
            }
        }
    }

    /** The owner is told once, by whoever waits or comes next; all others hear nothing any more. */
    private void fail(IOException cause, Optional<Completion> first) {
        Optional<Completion> told;
        synchronized (lock) {
            if (failed) {
                return;
            }
            failed = true;
            told = first.or(() -> Optional.ofNullable(waiting.poll()).map(Waiting::completion));
            untold = told.isPresent() ? Optional.empty() : Optional.of(cause);
            waiting.clear();
        }
        told.ifPresent(completion -> completion.failed(cause));
    }

    /** A failure that nobody has been told yet. */
    private Optional<IOException> takeUntold() {
        synchronized (lock) {
            Optional<IOException> taken = untold;
            untold = Optional.empty();
            return taken;
        }
    }

    /** In the background: makes ready what will be needed, and lets go on what waited for room. */
    private void fill() {
        synchronized (lock) {
            long now = clock.nanos();
            boolean early = spares.low() && now - fillNotBefore < 0;
            if (filling || closed || failed || early) {
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
        boolean begin;
        synchronized (lock) {
            filling = false;
            begin = roomy && !working && !waiting.isEmpty() && !failed;
            working |= begin;
        }
        if (begin) {
            workers.log().execute(this::work);
        }
    }

    private boolean isFailed() {
        synchronized (lock) {
            return failed;
        }
    }

    private boolean isOver() {
        synchronized (lock) {
            return closed || failed;
        }
    }

    /** On the log's worker, last of all. */
    private void finish() {
        boolean more = true;
        while (more) {
            synchronized (lock) {
                more = !waiting.isEmpty() && !failed;
            }
            more = more && writeGroup();
        }
        try {
            log.close();
        } catch (IOException e) {
            fail(e, Optional.empty());
        }
    }

    /** Takes one snapshot: pieces wait for the background. */
    private final class Sink implements SnapshotSink {
        private final SnapshotMark mark;
        private final long startedAt;
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
            bytes += chunk.size();
            workers.background().execute(() -> {
                place.add(chunk);
                count(-chunk.size());
            });
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
            long size = bytes;
            workers.background().execute(() -> finish(completion, before, size));
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

        private void finish(Completion completion, long before, long size) {
            if (isOver()) {
                place.abandon();
                return;
            }
            try {
                Optional<Integer> checksum = place.finish();
                // An older snapshot than the newest is of no use, but its owner waits in the same row as all.
                List<Item> items = checksum.<List<Item>>map(sum -> List.of(new Item.Marked(mark, sum, false)))
                        .orElse(List.of());
                pace.written(size);
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
