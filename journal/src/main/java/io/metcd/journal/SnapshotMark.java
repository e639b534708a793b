package io.metcd.journal;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;

/** The place in the log as of which a snapshot holds the state. */
public record SnapshotMark(long index, long term, Configuration configuration) {
    public SnapshotMark {
        requireNonNull(configuration);
        Invariants.check(index > 0 && term > 0, "a snapshot at %s/%s", term, index);
    }
}
