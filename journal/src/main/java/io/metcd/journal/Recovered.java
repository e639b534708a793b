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
 * @param tornBytes of an unfinished last batch that were cut off; none of them was ever acknowledged
 */
public record Recovered(HardState hardState, Optional<Snapshot> snapshot, List<Entry> entries, long tornBytes) {
    /** A snapshot in its pieces. */
    public record Snapshot(SnapshotMark mark, List<Bytes> chunks) {
        public Snapshot {
            chunks = List.copyOf(chunks);
        }
    }

    public static final Recovered NOTHING = new Recovered(HardState.EMPTY, Optional.empty(), List.of(), 0);

    public Recovered {
        entries = List.copyOf(entries);
    }

    public boolean isEmpty() {
        return hardState.equals(HardState.EMPTY) && snapshot.isEmpty() && entries.isEmpty();
    }
}
