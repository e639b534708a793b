package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;

/**
 * What one member is told when it starts.
 *
 * @param self this member's id, never 0
 * @param initial the configuration before the first one in the log; the same on every founder
 * @param heartbeatTicks between two heartbeats of the leader
 * @param electionTicks without a leader before this member campaigns, up to twice as many (Raft §5.2)
 * @param leaseReads answers reads at the leader without asking anybody, as long as a quorum has promised not to vote for
 *     another (thesis §6.4.1). The same on all members. Needs clocks of which none is a tenth faster than another, and
 *     an owner that ticks for all the time that has passed, or says {@link Raft#stalled()}, between the moment when it
 *     hands in a read and {@link Raft#ready()}. Followers keep their promise even to a leader that the mesh shows to
 *     be unreachable, so elections begin later
 */
public record RaftConfig(
        long self, Configuration initial, int heartbeatTicks, int electionTicks, Limits limits, boolean leaseReads) {
    /** What a tick is meant to last; the core only counts. */
    public static final int TICK_MILLIS = 20;

    public RaftConfig {
        requireNonNull(initial);
        requireNonNull(limits);
        Invariants.check(self != 0, "0 is nobody's id");
        Invariants.check(heartbeatTicks > 0, "a heartbeat each %s ticks", heartbeatTicks);
        Invariants.check(
                electionTicks > heartbeatTicks,
                "election time-out of %s ticks, heartbeat each %s: a leader could not keep its followers",
                electionTicks,
                heartbeatTicks);
    }

    /** Without lease reads. */
    public RaftConfig(long self, Configuration initial, int heartbeatTicks, int electionTicks, Limits limits) {
        this(self, initial, heartbeatTicks, electionTicks, limits, false);
    }

    public RaftConfig withLeaseReads() {
        return new RaftConfig(self, initial, heartbeatTicks, electionTicks, limits, true);
    }

    /** 100 ms and 1 s in ticks of {@value #TICK_MILLIS} ms. */
    public static RaftConfig of(long self, Configuration initial) {
        return new RaftConfig(self, initial, 5, 50, Limits.DEFAULT);
    }
}
