package io.metcd.raft.membership;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;

/**
 * What an entry of kind CONFIGURATION carries.
 *
 * @param configuration in force from the entry on, on every member that has it in its log
 * @param payload what the owner proposed with it and must apply when the entry is committed; empty in the entry by which
 *     a leader leaves a joint configuration
 */
public record Change(Configuration configuration, Bytes payload) {
    public Change {
        requireNonNull(configuration);
        requireNonNull(payload);
    }
}
