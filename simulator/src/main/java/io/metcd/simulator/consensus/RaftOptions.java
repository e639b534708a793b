package io.metcd.simulator.consensus;

import io.metcd.base.RandomSource;
import io.metcd.raft.Limits;
import io.metcd.simulator.world.Fault;
import io.metcd.simulator.world.Nemesis;
import io.metcd.simulator.world.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a seed decides about a run of consensus alone; printed with each run.
 *
 * @param members voters in the beginning
 * @param spares hosts that may join
 * @param leases reads without asking, and promises to the leader that does
 * @param changeNanos mean time between two acts of the {@link Steward}; 0: none
 * @param network what every path does
 * @param ephemeral a crash is final, and at most a minority crashes
 * @param writeNanosMax the longest write to disk; 0 writes within the turn
 * @param applyNanosMax the longest application of a batch; 0 applies within the turn
 * @param turnNanosMax how long a host may gather input before it takes a Ready
 * @param logKept applied entries kept in memory; 0 keeps all
 * @param proposalNanos mean time between two batches of proposals
 * @param readNanos mean time between two reads
 * @param codec whether messages pass through their binary form
 */
public record RaftOptions(
        int members,
        Path.Conditions network,
        boolean ephemeral,
        long writeNanosMax,
        long applyNanosMax,
        long turnNanosMax,
        long tickNanos,
        int logKept,
        long proposalNanos,
        long readNanos,
        boolean codec,
        Limits limits,
        Nemesis.Plan plan,
        int spares,
        long changeNanos,
        boolean leases) {
    private static final long MILLI = 1_000_000;

    /** Every seed enables a random subset of everything. */
    public static RaftOptions swarm(RandomSource random) {
        int members = pick(random, 1, 3, 3, 3, 5, 5, 7);
        long delay = pick(random, 0, 1, 1, 5, 20, 80) * MILLI + random.between(0, MILLI);
        Path.Conditions network = new Path.Conditions(
                delay,
                pick(random, 0, 1, 5, 20, 100) * MILLI,
                pick(random, 0, 0, 1, 5, 15, 30) / 100.0,
                pick(random, 0, 0, 2, 10) / 100.0);
        boolean ephemeral = random.chance(0.25);
        List<Fault> faults = new ArrayList<>();
        for (Fault fault : Fault.OF_ALL) {
            if (random.chance(0.4) && fault != Fault.CLOCK_JUMP && !(ephemeral && fault == Fault.CRASH_ALL)) {
                faults.add(fault);
            }
        }
        long applyNanosMax = pick(random, 0, 0, 5) * MILLI;
        long proposalNanos = pick(random, 5, 20, 100) * MILLI;
        boolean slow = proposalNanos < 20 * MILLI
                || network.delayNanos() + network.jitterNanos() > 20 * MILLI
                || network.loss() > 0.1;
        int spares = pick(random, 0, 1, 2, 4);
        long changeNanos = pick(random, 0, 50, 300, 1000, 5000) * MILLI;
        // Who joins, or comes back as a voter, must get the whole log in the time that a run has to recover.
        int window = spares > 0 && changeNanos > 0 ? 100_000 : slow ? 4000 : 1;
        return new RaftOptions(
                members,
                network,
                ephemeral,
                pick(random, 0, 0, 2, 20) * MILLI,
                applyNanosMax,
                pick(random, 0, 0, 3) * MILLI,
                20 * MILLI,
                pick(random, 0, 10, 100, 1000),
                proposalNanos,
                pick(random, 20, 100, 1000) * MILLI,
                random.chance(0.2),
                random.chance(0.5) ? Limits.DEFAULT : tightLimits(random, window, applyNanosMax > 0 ? 4000 : 1),
                new Nemesis.Plan(
                        faults, pick(random, 500, 2000, 10_000) * MILLI, pick(random, 300, 2000, 8000) * MILLI),
                spares,
                changeNanos,
                random.chance(0.3));
    }

    /** Three members, one that may join, a command each two seconds or so, and faults. */
    public static RaftOptions small(RandomSource random) {
        RaftOptions o = swarm(random);
        Path.Conditions network = new Path.Conditions(
                random.between(1, 20) * MILLI, random.between(0, 20) * MILLI, pick(random, 0, 2, 10) / 100.0, 0);
        Nemesis.Plan plan = new Nemesis.Plan(o.plan.faults(), 8000 * MILLI, 3000 * MILLI);
        return new RaftOptions(
                3,
                network,
                false,
                o.writeNanosMax,
                o.applyNanosMax,
                o.turnNanosMax,
                o.tickNanos,
                0,
                2000 * MILLI,
                5000 * MILLI,
                o.codec,
                Limits.DEFAULT,
                plan,
                1,
                5000 * MILLI,
                false);
    }

    /**
     * Small bounds, so that every one of them is hit; {@code windowBytes} must move the load over the network, and
     * {@code applyBytes} into the state machine.
     */
    private static Limits tightLimits(RandomSource random, int windowBytes, int applyBytes) {
        return new Limits(
                Math.max(windowBytes, pick(random, 1, 200, 4000)),
                pick(random, 1, 4, 256),
                Math.max(windowBytes, pick(random, 1, 1000, 100_000)),
                pick(random, 2_000, 100_000),
                Math.max(windowBytes - 1, pick(random, 0, 1000, 100_000)),
                64 << 20,
                Math.max(applyBytes, pick(random, 1, 1000, 1 << 20)),
                pick(random, 4, 1000));
    }

    /** One of the values, each as likely. */
    private static int pick(RandomSource random, int... values) {
        return values[random.nextInt(values.length)];
    }
}
