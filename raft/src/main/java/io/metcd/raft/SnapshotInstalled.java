package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import io.metcd.raft.membership.Configuration;

/**
 * The state machine has been replaced by another member's state as of this index, durably, behind all writes that were
 * on their way. It may be later than what the offer said.
 */
public record SnapshotInstalled(long index, long term, Configuration configuration) {
    public SnapshotInstalled {
        requireNonNull(configuration);
    }
}
