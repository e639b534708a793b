package io.metcd.raft;

import io.metcd.raft.membership.Configuration;

/**
 * A member as it sees itself.
 *
 * @param leader 0 when unknown
 * @param durable the last index that is known to be on disk
 * @param logBytes what the log takes in memory: compact it well before {@link Limits#logBytesMax()}
 */
public record RaftStatus(
        long self,
        Role role,
        long term,
        long vote,
        long leader,
        long commit,
        long applied,
        long durable,
        long firstIndex,
        long lastIndex,
        long logBytes,
        Configuration configuration) {}
