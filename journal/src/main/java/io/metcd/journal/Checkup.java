package io.metcd.journal;

import io.metcd.raft.Entry;
import java.util.List;
import java.util.Optional;

/**
 * What a directory holds, read as its member would read it, and every snapshot with it.
 *
 * @param segments of the log
 * @param snapshots that should count, the newest first; a damaged one is told, since the member would go on without it
 * @param log what the member would go on from
 * @param lastIndex of the log or the snapshot; 0 if there is neither
 */
public record Checkup(DirectoryMeta meta, int segments, List<Snapshot> snapshots, Recovered log, long lastIndex) {
    /**
     * One that the log names.
     *
     * @param bytes of its file
     */
    public record Snapshot(SnapshotMark mark, long bytes, Optional<JournalDamage> damage) {}

    public Checkup {
        snapshots = List.copyOf(snapshots);
    }

    /** Of the first entry behind the snapshot; 0 if there is none. */
    public long firstIndex() {
        List<Entry> entries = log.entries();
        return entries.isEmpty() ? 0 : entries.get(0).index();
    }
}
