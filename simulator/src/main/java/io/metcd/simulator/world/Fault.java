package io.metcd.simulator.world;

import java.util.Arrays;
import java.util.List;

/** What a {@link Nemesis} can do; each run enables a random subset. */
public enum Fault {
    /** One member crashes and, if its cluster keeps disks, comes back. */
    CRASH,
    /** The leader crashes. */
    CRASH_LEADER,
    /** Every member crashes at once. */
    CRASH_ALL,
    /** One member stands still, as under SIGSTOP or in a long collection. */
    PAUSE,
    /** The leader stands still. */
    PAUSE_LEADER,
    /** One member is cut off from all others. */
    ISOLATE,
    /** The leader is cut off from all others. */
    ISOLATE_LEADER,
    /** Two parts cannot reach each other. */
    SPLIT,
    /** Two members cannot reach each other. */
    CUT_PAIR,
    /** What one member says reaches nobody, and it hears everything. */
    MUTE,
    /** One member hears nothing, and is heard. */
    DEAFEN,
    /** Every path loses many packets for a while. */
    STORM,
    /** Writes take long for a while. */
    SLOW_DISK,
    /** A wall clock is set forward or back. */
    CLOCK_JUMP,
    /** One member's disk takes nothing more than it holds. */
    FULL_DISK,
    /** Something on a member's disk is not as it was written; the member is down when that happens. */
    BIT_ROT;

    /** Those that any kind of member can suffer. */
    public static final List<Fault> OF_ALL = Arrays.stream(values())
            .filter(fault -> fault != FULL_DISK && fault != BIT_ROT)
            .toList();
}
