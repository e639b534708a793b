package io.metcd.raft;

import io.metcd.base.Invariants;

/**
 * What must be on disk before anything that follows from it leaves this member (Raft fig. 2).
 *
 * @param vote the member voted for in this term, 0 for none
 * @param commit rides along with other writes and never causes one: after a restart it may be older than it was
 */
public record HardState(long term, long vote, long commit) {
    public static final HardState EMPTY = new HardState(0, 0, 0);

    public HardState {
        Invariants.check(term >= 0 && commit >= 0, "hard state: term %s, commit %s", term, commit);
    }
}
