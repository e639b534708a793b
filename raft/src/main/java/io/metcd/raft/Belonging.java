package io.metcd.raft;

import io.metcd.raft.membership.Membership;

/**
 * Whether this member belongs, as far as commitments tell: an uncommitted configuration may be undone. Who has never
 * belonged, as one that is catching up in order to join, is not removed by the configurations of its past.
 */
final class Belonging {
    private final long self;
    private boolean belonged;

    /** The place of the last configuration looked at. */
    private long known = -1;

    Belonging(long self) {
        this.self = self;
    }

    /** True once for each commitment that leaves this member out. */
    boolean endsWith(Membership membership, long commit) {
        long index = membership.indexAsOf(commit);
        if (index == known) {
            return false;
        }
        known = index;
        belonged |= membership.everContained(self, commit);
        boolean ends = belonged && !membership.asOf(commit).contains(self);
        belonged &= !ends;
        return ends;
    }
}
