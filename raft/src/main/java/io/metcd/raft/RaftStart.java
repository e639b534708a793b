package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;

/**
 * What survived the last run: everything in it is durable.
 *
 * @param snapshotIndex the last index that the state machine already contains; 0 for none
 * @param snapshotTerm the term of that index
 * @param configuration the configuration as of that index; empty: {@link RaftConfig#initial()}
 * @param entries the log behind the snapshot, without a gap
 */
public record RaftStart(
        HardState hardState,
        long snapshotIndex,
        long snapshotTerm,
        Optional<Configuration> configuration,
        List<Entry> entries) {
    public RaftStart {
        requireNonNull(hardState);
        requireNonNull(configuration);
        entries = List.copyOf(entries);
        Invariants.check(snapshotIndex >= 0 && snapshotTerm >= 0, "snapshot %s/%s", snapshotTerm, snapshotIndex);
        long next = snapshotIndex + 1;
        for (Entry entry : entries) {
            Invariants.check(entry.index() == next, "entry %s in the place of %s", entry.index(), next);
            next++;
        }
    }

    /** A member that has never run. */
    public static RaftStart fresh() {
        return new RaftStart(HardState.EMPTY, 0, 0, Optional.empty(), List.of());
    }
}
