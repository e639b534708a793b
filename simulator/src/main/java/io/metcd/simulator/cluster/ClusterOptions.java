package io.metcd.simulator.cluster;

import io.metcd.base.RandomSource;
import io.metcd.simulator.world.Fault;
import io.metcd.simulator.world.Nemesis;
import io.metcd.simulator.world.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a seed decides about a run of a whole cluster; printed with each run.
 *
 * @param members voters
 * @param relays peers of the mesh that are no members
 * @param shape who can dial whom
 * @param dialOnly whether hosts that can do without do not listen
 * @param kept what a crash leaves
 * @param network what every path does
 * @param writeNanosMax the longest write to disk; 0 writes within the turn
 * @param turnNanosMax how long a member may take until it turns
 * @param logBytesKept of applied entries, for followers that lag
 * @param clockErrorMillionths the largest error of a clock's rate
 * @param load what the clients do
 * @param growth how the membership changes
 * @param checkpointSeconds how often what is left of leases is put into the log; 0 for never
 */
public record ClusterOptions(
        int members,
        int relays,
        Shape shape,
        boolean dialOnly,
        Kept kept,
        Path.Conditions network,
        long writeNanosMax,
        long turnNanosMax,
        long logBytesKept,
        long clockErrorMillionths,
        Load load,
        Growth growth,
        Nemesis.Plan plan,
        int checkpointSeconds) {
    private static final long MILLI = 1_000_000;

    /** What a crash leaves of a member. */
    public enum Kept {
        /** Its journal: it comes back as the same member. */
        JOURNAL,
        /** Nothing: it does not come back. */
        NOTHING,
        /** Nothing, and another member comes back under its name. */
        ITS_NAME
    }

    /**
     * What the clients do.
     *
     * @param thinkNanos mean time between two operations of a client
     * @param leases how many of a thousand operations concern leases
     * @param compactions how many of a thousand operations compact
     */
    public record Load(
            int clients, int watchers, long thinkNanos, int keys, int valueBytes, int leases, int compactions) {}

    /**
     * How the membership changes.
     *
     * @param spares hosts that are no members at first
     * @param operated whether an operator adds, promotes, moves and removes members; of those that keep their journal
     * @param piloted whether the leader replaces members by itself; of those that keep their name
     * @param refounded whether at last most members are lost at once, and an operator begins anew with what is left
     */
    public record Growth(int spares, boolean operated, boolean piloted, boolean refounded) {
        static final Growth NONE = new Growth(0, false, false, false);
    }

    /** Every seed enables a random subset of everything. */
    public static ClusterOptions swarm(RandomSource random) {
        return swarm(random, random.chance(0.6) ? Shape.FULL : pick(random, Shape.values()), pick(random, 0, 0, 0, 1));
    }

    /** As {@link #swarm(RandomSource)}, over links that few pairs have, with relays between. */
    public static ClusterOptions sparse(RandomSource random) {
        return swarm(random, pick(random, Shape.LINE, Shape.STAR, Shape.RING), pick(random, 0, 1, 2, 4));
    }

    /** As {@link #swarm(RandomSource)}, with disks that rot, and nobody but their mender to change the membership. */
    public static ClusterOptions rotting(RandomSource random) {
        while (true) {
            ClusterOptions options = swarm(random.fork());
            if (options.plan.faults().contains(Fault.BIT_ROT) && options.growth.equals(Growth.NONE)) {
                return options;
            }
        }
    }

    /** The load that speed is measured at: 5 members, 4 clients, 50 operations a virtual second, no faults. */
    public static ClusterOptions reference() {
        return new ClusterOptions(
                5,
                0,
                Shape.FULL,
                false,
                Kept.NOTHING,
                new Path.Conditions(MILLI / 2, MILLI / 2, 0, 0),
                0,
                0,
                32 << 20,
                0,
                new Load(4, 4, 80 * MILLI, 100, 64, 20, 0),
                Growth.NONE,
                new Nemesis.Plan(List.of(), MILLI, MILLI),
                0);
    }

    private static ClusterOptions swarm(RandomSource random, Shape shape, int relays) {
        Kept kept = pick(random, Kept.JOURNAL, Kept.JOURNAL, Kept.NOTHING, Kept.ITS_NAME);
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.OF_ALL) {
            if (random.chance(0.35) && !(kept != Kept.JOURNAL && fault == Fault.CRASH_ALL)) {
                faults.add(fault);
            }
        }
        Path.Conditions network = new Path.Conditions(
                pick(random, 0, 1, 1, 5, 30) * MILLI + random.between(0, MILLI),
                pick(random, 0, 1, 5, 20) * MILLI,
                pick(random, 0, 0, 1, 5, 15, 30) / 100.0,
                0);
        Load load = new Load(
                pick(random, 1, 4, 4, 8),
                pick(random, 0, 2, 6),
                pick(random, 40, 80, 200) * MILLI,
                pick(random, 3, 20, 200),
                pick(random, 0, 20, 200),
                pick(random, 0, 30, 150),
                pick(random, 0, 0, 5, 30));
        int members = pick(random, 3, 3, 5, 5, 1);
        return new ClusterOptions(
                members,
                relays,
                shape,
                random.chance(0.3),
                kept,
                network,
                kept == Kept.JOURNAL ? pick(random, 0, 1, 10) * MILLI : 0,
                pick(random, 0, 0, 2) * MILLI,
                pick(random, 2_000, 100_000, 32 << 20),
                pick(random, 0, 1000, 10_000),
                load,
                growth(random.fork(), kept, members),
                plan(random, kept, members, faults),
                pick(random, 0, 1, 2));
    }

    /** What disks suffer comes late, so that a seed decides the rest as it did without it. */
    private static Nemesis.Plan plan(RandomSource random, Kept kept, int members, List<Fault> faults) {
        long gap = pick(random, 2000, 8000, 20_000) * MILLI;
        long hold = pick(random, 500, 3000, 10_000) * MILLI;
        if (random.chance(0.35) && kept == Kept.JOURNAL) {
            faults.add(Fault.FULL_DISK);
        }
        if (random.chance(0.35) && kept == Kept.JOURNAL && members > 1) {
            faults.add(Fault.BIT_ROT);
        }
        return new Nemesis.Plan(faults, gap, hold);
    }

    private static Growth growth(RandomSource random, Kept kept, int members) {
        int spares = pick(random, 1, 2);
        return switch (kept) {
            case JOURNAL -> random.chance(0.4) ? new Growth(spares, true, false, false) : Growth.NONE;
            case ITS_NAME -> {
                boolean piloted = random.chance(0.5);
                yield new Growth(piloted ? spares : 0, false, piloted, members > 1 && random.chance(0.5));
            }
            case NOTHING -> Growth.NONE;
        };
    }

    @SafeVarargs
    private static <T> T pick(RandomSource random, T... values) {
        return values[random.nextInt(values.length)];
    }
}
