package io.metcd.simulator.cluster;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.node.Outcome;
import io.metcd.node.Refounded;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.MemberCommand;
import java.util.List;
import java.util.Optional;

/**
 * Somebody who changes the membership while everything goes wrong: adds members on spare hosts, promotes learners, moves
 * the leadership, removes members, and lets another machine come in their place. What is not answered may have happened
 * or not, as with any client.
 */
final class Operator {
    private static final long PAUSE_NANOS_MAX = 4_000_000_000L;
    private static final long TIMEOUT_NANOS = 5_000_000_000L;
    private static final long PATIENCE_NANOS = 6_000_000_000L;
    private static final int MEMBERS_MIN = 2;

    private final ClusterWorld world;
    private final RandomSource random;
    private final SimProcess process;
    private boolean ceased;
    private long changes;

    Operator(ClusterWorld world, RandomSource random) {
        this.world = world;
        this.random = random;
        this.process = new SimProcess(world.queue(), -4, "operator");
    }

    void start() {
        later();
    }

    void cease() {
        ceased = true;
    }

    /** How many changes were made. */
    long changes() {
        return changes;
    }

    /** All members but one are lost at once; returns the one. */
    Host loseMost() {
        List<Host> members = world.all().stream()
                .filter(host -> host.replica().isPresent() && host.isMember())
                .toList();
        Host survivor = members.get(random.nextInt(members.size()));
        world.say(() -> "all are lost but h" + survivor.number());
        members.stream().filter(host -> host != survivor).forEach(host -> world.lose(host, SimNetwork.Death.MACHINE));
        return survivor;
    }

    /** Begins anew with what the host holds. */
    void refound(Host survivor) {
        world.say(() -> "refound at h" + survivor.number());
        survivor.replica()
                .orElseThrow()
                .refound(outcome -> Invariants.check(outcome == Refounded.DONE, "refound: %s", outcome));
    }

    private void later() {
        process.scheduler().schedule(random.between(1, PAUSE_NANOS_MAX), this::act);
    }

    private void act() {
        if (ceased) {
            return;
        }
        List<Replica> replicas = world.replicas();
        if (!replicas.isEmpty()) {
            change(replicas.get(random.nextInt(replicas.size())));
        }
        later();
    }

    private void change(Replica at) {
        ReplicaStatus status = at.status();
        if (!status.hasLeader() || status.members().isEmpty()) {
            return;
        }
        List<MemberState> members = status.members();
        MemberState one = members.get(random.nextInt(members.size()));
        switch (random.nextInt(4)) {
            case 0 -> add(at);
            case 1 -> promote(at, members);
            case 2 -> move(status);
            default -> {
                if (members.size() > MEMBERS_MIN) {
                    submit(at, new MemberCommand.Remove(one.id()), () -> {});
                }
            }
        }
    }

    private void add(Replica at) {
        Optional<Host> free = world.all().stream().filter(Host::isFree).findFirst();
        if (free.isEmpty()) {
            return;
        }
        Host host = free.get();
        Standing standing = random.chance(0.5) ? Standing.VOTER : Standing.LEARNER;
        MemberState place = MemberState.added(random.between(1, Long.MAX_VALUE), host.nextUrls(), standing);
        submit(at, new MemberCommand.Add(place), () -> {
            if (host.isFree()) {
                world.say(() -> "h" + host.number() + " comes as " + place.id());
                host.arrive();
            }
        });
    }

    private void promote(Replica at, List<MemberState> members) {
        members.stream()
                .filter(member -> member.standing() == Standing.LEARNER)
                .findFirst()
                .ifPresent(learner -> submit(at, new MemberCommand.Promote(learner.id(), List.of()), () -> {}));
    }

    private void move(ReplicaStatus status) {
        List<Long> voters = status.voters();
        long target = voters.get(random.nextInt(voters.size()));
        for (Host host : world.all()) {
            if (host.leads()) {
                host.life()
                        .replica()
                        .ifPresent(leader -> leader.handOver(target, TIMEOUT_NANOS, done -> {
                            world.say(() -> "the leadership goes to " + target + ": " + done);
                            changes++;
                        }));
            }
        }
    }

    /** What may have happened counts as if it had: a place that was not made is waited for in vain. */
    private void submit(Replica at, MemberCommand command, Runnable happened) {
        world.say(() -> at.config().name() + " is asked " + command);
        boolean[] answered = new boolean[1];
        process.scheduler().schedule(PATIENCE_NANOS, () -> {
            if (!answered[0]) {
                happened.run(); // who was asked is gone
            }
        });
        at.submit(command, TIMEOUT_NANOS, outcome -> {
            answered[0] = true;
            world.say(() -> at.config().name() + " answers " + command + ": " + outcome);
            boolean refused = outcome instanceof Outcome.Done done && done.result() instanceof CommandResult.Refused;
            if (!refused) {
                changes++;
                process.scheduler().schedule(0, happened);
            }
        });
    }
}
