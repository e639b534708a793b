package io.metcd.simulator.cluster;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.node.Outcome;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.RunResult;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Narrator;
import io.metcd.simulator.world.Nemesis;
import io.metcd.store.command.Command;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One run of a whole cluster: founding, then load under faults, then, with everything healed, service at every member
 * in bounded virtual time; at last the histories are judged.
 */
public final class ClusterRun {
    private static final long LOOK_NANOS = 50_000_000L;
    private static final long FOUNDING_NANOS_MAX = 120_000_000_000L;

    /** Half-open links must time out, dials back off, and elections follow. */
    private static final long LIVENESS_NANOS_MAX = 120_000_000_000L;

    private static final long PROBE_NANOS = 10_000_000_000L;

    private final ClusterWorld world;
    private final Nemesis nemesis;
    private final EventQueue queue;

    private ClusterRun(ClusterOptions options, RandomSource random, Narrator narrator) {
        this.world = new ClusterWorld(options, random.fork(), narrator);
        this.queue = world.queue();
        this.nemesis = new Nemesis(queue, random.fork(), options.plan(), world);
    }

    public static RunResult run(long seed, long virtualNanos, Narrator narrator) {
        RandomSource random = RandomSource.seeded(seed);
        return run(seed, ClusterOptions.swarm(random.fork()), random, virtualNanos, narrator);
    }

    /** Over sparse meshes with relays. */
    public static RunResult runSparse(long seed, long virtualNanos, Narrator narrator) {
        RandomSource random = RandomSource.seeded(seed);
        return run(seed, ClusterOptions.sparse(random.fork()), random, virtualNanos, narrator);
    }

    /** On disks that rot. */
    public static RunResult runRotting(long seed, long virtualNanos, Narrator narrator) {
        RandomSource random = RandomSource.seeded(seed);
        return run(seed, ClusterOptions.rotting(random.fork()), random, virtualNanos, narrator);
    }

    /** The load that speed is measured at. */
    public static RunResult runReference(long seed, long virtualNanos, Narrator narrator) {
        return run(seed, ClusterOptions.reference(), RandomSource.seeded(seed), virtualNanos, narrator);
    }

    private static RunResult run(
            long seed, ClusterOptions options, RandomSource random, long virtualNanos, Narrator narrator) {
        ClusterRun run = new ClusterRun(options, random, narrator);
        Optional<String> violation = Optional.empty();
        try {
            run.play(virtualNanos);
        } catch (Invariants.Violation broken) {
            violation = Optional.of(String.valueOf(broken.getMessage()));
        } catch (RuntimeException | AssertionError broken) {
            violation = Optional.of(broken + " at " + broken.getStackTrace()[0]);
        }
        EventQueue queue = run.queue;
        return new RunResult(
                seed,
                options + run.world.mender().tally(),
                queue.trace().toString(),
                queue.now(),
                run.world.judges().history().answers(),
                queue.executed(),
                violation.map(text -> text + " (virtual time " + queue.now() / 1_000_000 + " ms)"));
    }

    private void play(long virtualNanos) {
        within(FOUNDING_NANOS_MAX, "a founded cluster with a leader", world::hasLeader);
        world.load();
        nemesis.start();
        queue.runUntil(queue.now() + virtualNanos);
        nemesis.stop();
        world.calm();
        world.say(() -> "healed\n" + world.describe());
        if (world.canServe()) {
            recover();
            if (world.options().growth().refounded() && world.replicas().size() > 2) {
                refound();
            }
        } else {
            queue.runUntil(queue.now() + PROBE_NANOS);
        }
        world.judges().judge();
    }

    private void recover() {
        within(LIVENESS_NANOS_MAX, "idle clients", world::clientsIdle);
        within(LIVENESS_NANOS_MAX, "repair of what has rotted", world::mended);
        within(LIVENESS_NANOS_MAX, "place for those who came back", world::newcomersSettled);
        within(LIVENESS_NANOS_MAX, "a leader and convergence", world::converged);
        for (Replica replica : world.replicas()) {
            boolean[] served = new boolean[1];
            replica.submit(new Command.Noop(), PROBE_NANOS, outcome -> served[0] |= outcome instanceof Outcome.Done);
            // What an operator asked for before may still be done: who is removed meanwhile need not serve.
            within(
                    PROBE_NANOS,
                    "service at " + replica.config().name(),
                    () -> served[0] || replica.status().phase() == ReplicaStatus.Phase.REMOVED);
        }
        within(LIVENESS_NANOS_MAX, "convergence after service", world::converged);
        within(LIVENESS_NANOS_MAX, "complete watchers", world.judges()::watchersComplete);
    }

    /** Most members are lost at once: the rest stops and says so; an operator begins anew, and nothing is missing. */
    private void refound() {
        Operator operator = world.operator().orElseThrow();
        Host survivor = operator.loseMost();
        Replica replica = survivor.replica().orElseThrow();
        within(
                LIVENESS_NANOS_MAX,
                "a word of what is lost",
                () -> replica.status().waitsFor().contains("./metcd refound"));
        replica.submit(
                new Command.Noop(),
                PROBE_NANOS,
                outcome -> Invariants.check(
                        !(outcome instanceof Outcome.Done), "the rest of a cluster serves: %s", world.describe()));
        queue.runUntil(queue.now() + PROBE_NANOS);
        for (Host host : world.all()) {
            world.restart(host.number());
        }
        queue.runUntil(queue.now() + PROBE_NANOS);
        operator.refound(survivor);
        recover();
        world.resume();
        queue.runUntil(queue.now() + PROBE_NANOS);
        world.calm();
        recover();
    }

    private void within(long nanos, String what, BooleanSupplier reached) {
        long end = queue.now() + nanos;
        while (!reached.getAsBoolean()) {
            Invariants.check(queue.now() < end, "liveness: no %s within the bound\n%s", what, world.describe());
            queue.runUntil(queue.now() + LOOK_NANOS);
        }
    }
}
