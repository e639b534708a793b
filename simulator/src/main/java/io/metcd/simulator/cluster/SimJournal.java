package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.journal.Journal;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.simulator.consensus.Platter;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.SimProcess;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A journal whose writes take virtual time and complete in order; a crash keeps a prefix of those under way. */
final class SimJournal implements Journal {
    private final Kept kept;
    private final EventQueue queue;
    private final SimProcess process;
    private final LongSupplier latency;
    private final ArrayDeque<Runnable> writing = new ArrayDeque<>();
    private long lastDue;
    private long bytesSinceSnapshot;

    /** What survives one life. */
    static final class Kept {
        private final Platter platter = new Platter();
        private Optional<Recovered.Snapshot> snapshot = Optional.empty();
    }

    SimJournal(Kept kept, EventQueue queue, SimProcess process, LongSupplier latency) {
        this.kept = kept;
        this.queue = queue;
        this.process = process;
        this.latency = latency;
    }

    @Override
    public Recovered recovered() {
        return new Recovered(kept.platter.hardState(), kept.snapshot, kept.platter.entries(), Recovered.Report.NOTHING);
    }

    @Override
    public void append(Optional<HardState> hardState, List<Entry> entries, Completion completion) {
        for (Entry entry : entries) {
            bytesSinceSnapshot += entry.sizeBytes();
        }
        write(
                () -> {
                    hardState.ifPresent(kept.platter::keep);
                    kept.platter.keep(entries);
                },
                completion);
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
        List<Bytes> chunks = new ArrayList<>();
        return new SnapshotSink() {
            @Override
            public void write(Bytes chunk) {
                chunks.add(chunk);
            }

            @Override
            public boolean hasRoom() {
                return true;
            }

            @Override
            public void commit(Completion completion) {
                bytesSinceSnapshot = 0;
                SimJournal.this.write(() -> install(mark, chunks), completion);
            }

            @Override
            public void abandon() {
                chunks.clear();
            }
        };
    }

    @Override
    public long bytesSinceSnapshot() {
        return bytesSinceSnapshot;
    }

    @Override
    public void close() {}

    /** The process has ended: of the writes under way a prefix has reached the disk. */
    void crash(RandomSource random) {
        for (int count = random.nextInt(writing.size() + 1); count > 0; count--) {
            writing.removeFirst().run();
        }
        writing.clear();
    }

    private void install(SnapshotMark mark, List<Bytes> chunks) {
        if (mark.index() > kept.platter.snapshotIndex()) {
            kept.platter.install(mark.index(), mark.term());
            kept.snapshot = Optional.of(new Recovered.Snapshot(mark, chunks));
        }
    }

    private void write(Runnable effect, Completion completion) {
        long delay = latency.getAsLong();
        if (delay == 0 && writing.isEmpty()) {
            effect.run();
            completion.durable();
            return;
        }
        writing.addLast(effect);
        lastDue = Math.max(lastDue, queue.now() + delay);
        queue.at(lastDue, process, () -> {
            writing.removeFirst().run();
            completion.durable();
        });
    }
}
