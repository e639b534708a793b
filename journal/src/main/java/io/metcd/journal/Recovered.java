package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.util.List;
import java.util.Optional;

/**
 * What a journal held when it was opened.
 *
 * @param entries the log behind the snapshot, without a gap
 */
public record Recovered(HardState hardState, Optional<Snapshot> snapshot, List<Entry> entries, Report report) {
    /**
     * A snapshot in its pieces.
     *
     * @param chunks read while they are iterated, so that nobody need hold them all; {@link java.io.UncheckedIOException}
     *     if they cannot be read any more
     */
    public record Snapshot(SnapshotMark mark, Iterable<Bytes> chunks) {}

    /**
     * What opening took.
     *
     * @param bytes read, of the log and of snapshots
     * @param records of the log
     * @param cutBytes of an unfinished last batch; none of it was ever acknowledged
     * @param damagedSnapshots newer ones that could not be used, because the log reaches back to an older one
     */
    public record Report(long bytes, long records, long nanos, long cutBytes, int damagedSnapshots) {
        public static final Report NOTHING = new Report(0, 0, 0, 0, 0);
    }

    public static final Recovered NOTHING = new Recovered(HardState.EMPTY, Optional.empty(), List.of(), Report.NOTHING);

    public Recovered {
        entries = List.copyOf(entries);
    }

    public boolean isEmpty() {
        return hardState.equals(HardState.EMPTY) && snapshot.isEmpty() && entries.isEmpty();
    }
}
