package io.metcd.simulator.cluster;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.node.Failure;
import io.metcd.node.LeaseOutcome;
import io.metcd.node.Outcome;
import io.metcd.node.ReadOutcome;
import io.metcd.node.Replica;
import io.metcd.simulator.history.History;
import io.metcd.simulator.history.LeaseTimeline;
import io.metcd.simulator.history.Operation;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.simulator.world.SimProcess;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.kv.Refusal;
import java.util.Optional;

/**
 * One client: an operation at a time, at one member until that dies or the client moves on. What is not answered in
 * time, or was under way at a member that died, is unknown to it.
 */
final class Client {
    private static final long TIMEOUT_NANOS = 3_000_000_000L;
    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long TTL_SECONDS_MAX = 8;
    private static final double WANDERS = 0.01;

    private final ClusterWorld world;
    private final SimProcess process;
    private final RandomSource random;
    private final ClusterOptions.Load load;
    private final Workload workload;
    private final String name;
    private int home;
    private long lease;
    /** Counts operations, so that an answer that comes too late is known for one. */
    private long current;

    private Optional<Operation> pending = Optional.empty();
    private boolean busy;
    private boolean ceased;

    Client(ClusterWorld world, SimProcess process, RandomSource random, String name, int home) {
        this.world = world;
        this.process = process;
        this.random = random;
        this.load = world.options().load();
        this.workload = new Workload(load, random.fork(), name);
        this.name = name;
        this.home = home;
    }

    void start() {
        think();
    }

    /** Begins nothing more. */
    void cease() {
        ceased = true;
    }

    /** Begins again. */
    void resume() {
        ceased = false;
        think();
    }

    boolean idle() {
        return !busy;
    }

    /** A host's life has ended, and with it whatever this client had under way there. */
    void died(int host) {
        if (host == home) {
            home = random.nextInt(world.options().members());
            giveUp(current);
        }
    }

    private void think() {
        process.scheduler().schedule(random.between(0, 2 * load.thinkNanos()), this::act);
    }

    private void act() {
        if (ceased) {
            return;
        }
        if (random.chance(WANDERS)) {
            home = random.nextInt(world.options().members());
        }
        Optional<Replica> replica = world.serving(home);
        if (replica.isEmpty()) {
            home = random.nextInt(world.options().members());
            think();
            return;
        }
        current++;
        busy = true;
        if (random.nextInt(1000) < load.leases()) {
            leaseOperation(replica.get());
        } else {
            issue(replica.get(), workload.next(history().acknowledged()));
        }
    }

    private void issue(Replica replica, Request request) {
        Operation operation = history().begin(name, request, now());
        pending = Optional.of(operation);
        world.say(() -> "h" + home + " is asked " + operation);
        awaitPatiently();
        long token = current;
        if (request instanceof Request.Write write) {
            replica.submit(write.command(), TIMEOUT_NANOS, outcome -> written(token, operation, outcome));
        } else if (request instanceof Request.Read read) {
            replica.read(TIMEOUT_NANOS, outcome -> {
                if (token == current && outcome instanceof ReadOutcome.At at) {
                    answer(operation, at.root(), read);
                } else if (token == current) {
                    history().withoutEffect(operation);
                    done();
                }
            });
        } else if (request instanceof Request.LocalRead read) {
            Root root = replica.root();
            history().answered(operation, root.range(read.query()), root.revision(), now());
            done();
        }
    }

    private void answer(Operation operation, Root root, Request.Read read) {
        history().answered(operation, root.range(read.query()), root.revision(), now());
        done();
    }

    private void written(long token, Operation operation, Outcome outcome) {
        if (token != current) {
            return;
        }
        if (outcome instanceof Outcome.Done done && foundNoRoom(done.result())) {
            history().withoutEffect(operation);
        } else if (outcome instanceof Outcome.Done done) {
            history().answered(operation, done.result(), now());
            learn(operation, done.result());
        } else if (outcome instanceof Outcome.Failed failed && nothingWasTried(failed.failure())) {
            history().withoutEffect(operation);
        } else {
            history().unknown(operation);
        }
        done();
    }

    /** When that is so is no matter of keys and values, of which the history is. */
    private static boolean foundNoRoom(CommandResult result) {
        return result instanceof CommandResult.Refused refused && refused.refusal() == Refusal.NO_SPACE;
    }

    private static boolean nothingWasTried(Failure failure) {
        return switch (failure) {
            case NO_LEADER, TOO_MANY_REQUESTS, YIELDS, NOT_READY -> true;
            case LEADER_CHANGED,
                    TIMED_OUT,
                    TIMED_OUT_LEADER_FAIL,
                    TIMED_OUT_CONNECTION_LOST,
                    TIMED_OUT_APPLYING,
                    STOPPED -> false;
        };
    }

    private void learn(Operation operation, CommandResult result) {
        if (result instanceof CommandResult.LeaseGrantResult granted) {
            leases().renewed(granted.id(), operation.begun(), now());
            lease = granted.id();
        } else if (result instanceof CommandResult.LeaseRevokeResult revoked) {
            leases().gone(revoked.id(), now());
        }
    }

    private void leaseOperation(Replica replica) {
        int dice = random.nextInt(10);
        if (lease == 0) {
            long id = random.between(1, Long.MAX_VALUE);
            long ttl = random.between(1, TTL_SECONDS_MAX);
            leases().granting(id, ttl);
            issue(replica, new Request.Write(new Command.LeaseGrant(id, ttl)));
        } else if (dice < 4) {
            issue(replica, new Request.Write(workload.put(workload.key()).withLease(lease)));
        } else if (dice < 8) {
            renew(replica, lease);
        } else if (dice == 8) {
            leases().revoking(lease, now());
            issue(replica, new Request.Write(new Command.LeaseRevoke(lease)));
            lease = 0;
        } else {
            lease = 0;
            done();
        }
    }

    private void renew(Replica replica, long id) {
        long token = current;
        long begun = now();
        awaitPatiently();
        replica.keepAlive(id, TIMEOUT_NANOS, outcome -> {
            if (token != current) {
                return;
            }
            world.say(() -> name + " renewed " + id + " begun=" + begun / 1_000_000 + "ms: " + outcome);
            if (outcome instanceof LeaseOutcome.Renewed renewed && renewed.ttlSeconds() > 0) {
                leases().renewed(id, begun, now());
            } else if (outcome instanceof LeaseOutcome.Renewed) {
                Invariants.check(leases().mayHaveEnded(id, now()), "lease: %s is gone before its time", id);
                lease = 0;
            }
            done();
        });
    }

    private void awaitPatiently() {
        long token = current;
        process.scheduler().schedule(PATIENCE_NANOS, () -> giveUp(token));
    }

    private void giveUp(long token) {
        if (!busy || token != current) {
            return;
        }
        pending.ifPresent(operation -> {
            if (operation.command().isPresent()) {
                history().unknown(operation);
            } else {
                history().withoutEffect(operation);
            }
        });
        done();
    }

    private void done() {
        pending.ifPresent(operation -> world.say(() -> "h" + home + " answers " + operation));
        pending = Optional.empty();
        busy = false;
        current++;
        think();
    }

    private History history() {
        return world.judges().history();
    }

    private LeaseTimeline leases() {
        return world.judges().leases();
    }

    private long now() {
        return world.queue().now();
    }
}
