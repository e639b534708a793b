package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The journal of a member that keeps nothing: every write is complete at once, and nothing is ever recovered. */
public final class MemoryJournal implements Journal {
    @Override
    public Recovered recovered() {
        return Recovered.NOTHING;
    }

    @Override
    public void append(Optional<HardState> hardState, List<Entry> entries, Completion completion) {
        completion.durable();
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public SnapshotSink snapshot(SnapshotMark mark) {
        return Nowhere.INSTANCE;
    }

    @Override
    public long bytesSinceSnapshot() {
        return 0;
    }

    @Override
    public long snapshotBytes() {
        return 0;
    }

    @Override
    public boolean spaceLow() {
        return false;
    }

    @Override
    public void close() {}

    private enum Nowhere implements SnapshotSink {
        INSTANCE;

        @Override
        public void write(Bytes chunk) {}

        @Override
        public void write(Supplier<Optional<Bytes>> piece) {}

        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void commit(Completion completion) {
            completion.durable();
        }

        @Override
        public void abandon() {}
    }
}
