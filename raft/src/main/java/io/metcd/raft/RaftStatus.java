package io.metcd.raft;

import io.metcd.raft.membership.Configuration;
import java.util.List;

/**
 * A member as it sees itself.
 *
 * @param leader 0 when unknown
 * @param durable the last index that is known to be on disk
 * @param logBytes what the log takes in memory: compact it well before {@link Limits#logBytesMax()}
 * @param configuration in force here: the latest in the log, committed or not
 * @param changePending that configuration is not committed yet, or is joint: the next one must wait
 * @param transferTarget whom this leader is making the next one; 0 for nobody
 * @param progress of the others, by a leader; ascending, with those whose removal is not known to them yet
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
        Configuration configuration,
        boolean changePending,
        long transferTarget,
        List<MemberProgress> progress) {
    public RaftStatus {
        progress = List.copyOf(progress);
    }
}
