package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.simulator.RunResult;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Narrator;
import io.metcd.simulator.world.Nemesis;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of consensus alone: first safety under faults, then, with everything healed, liveness in bounded virtual
 * time.
 */
public final class RaftRun {
    /** Several election time-outs, a snapshot, and the longest delays on top. */
    private static final long LIVENESS_NANOS_MAX = 30_000_000_000L;

    private static final long LOOK_NANOS = 50_000_000L;

    private RaftRun() {}

    public static RunResult run(long seed, long virtualNanos, Narrator narrator) {
        RandomSource random = RandomSource.seeded(seed);
        return run(seed, RaftOptions.swarm(random.fork()), random, virtualNanos, narrator);
    }

    /** Little happens in such a run, so that all of it can be looked at. */
    public static RunResult runSmall(long seed, long virtualNanos, Narrator narrator) {
        RandomSource random = RandomSource.seeded(seed);
        return run(seed, RaftOptions.small(random.fork()), random, virtualNanos, narrator);
    }

    /** As {@link #runSmall}, with somebody who looks on. */
    public static RunResult runSmall(long seed, long virtualNanos, Witness witness) {
        RandomSource random = RandomSource.seeded(seed);
        RaftOptions options = RaftOptions.small(random.fork());
        RaftWorld world = new RaftWorld(options, random.fork(), Narrator.SILENT, witness);
        return run(seed, world, new Nemesis(world.queue(), random.fork(), options.plan(), world), virtualNanos);
    }

    private static RunResult run(
            long seed, RaftOptions options, RandomSource random, long virtualNanos, Narrator narrator) {
        RaftWorld world = new RaftWorld(options, random.fork(), narrator);
        return run(seed, world, new Nemesis(world.queue(), random.fork(), options.plan(), world), virtualNanos);
    }

    private static RunResult run(long seed, RaftWorld world, Nemesis nemesis, long virtualNanos) {
        Optional<String> violation = Optional.empty();
        try {
            world.load();
            nemesis.start();
            world.queue().runUntil(virtualNanos);
            nemesis.stop();
            world.calm();
            recover(world);
        } catch (Invariants.Violation broken) {
            violation = Optional.of(String.valueOf(broken.getMessage()));
        } catch (RuntimeException | AssertionError broken) {
            violation = Optional.of(broken + " at " + broken.getStackTrace()[0]);
        }
        EventQueue queue = world.queue();
        return new RunResult(
                seed,
                world.options() + " seen=" + world.checks().seen(),
                queue.trace().toString(),
                queue.now(),
                world.operations(),
                queue.executed(),
                violation.map(text -> text + " (virtual time " + queue.now() / 1_000_000 + " ms)"));
    }

    private static void recover(RaftWorld world) {
        within(world, "a leader and convergence", world::converged);
        long before = world.checks().committed().last();
        within(world, "a proposal taken", world::proposeOne);
        within(world, "its commit", () -> world.checks().committed().last() > before);
        within(world, "its application everywhere", world::converged);
    }

    private static void within(RaftWorld world, String what, BooleanSupplier reached) {
        EventQueue queue = world.queue();
        long end = queue.now() + LIVENESS_NANOS_MAX;
        while (!reached.getAsBoolean()) {
            Invariants.check(
                    queue.now() < end, "liveness: healed, and no %s within the bound\n%s", what, world.describe());
            queue.runUntil(queue.now() + LOOK_NANOS);
        }
    }
}
