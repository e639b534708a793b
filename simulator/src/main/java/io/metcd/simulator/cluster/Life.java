package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.journal.Journal;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.wire.Hello;
import io.metcd.node.IdentityStore;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.world.SimAgreement;
import io.metcd.simulator.world.SimLinks;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.SimSigner;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One life of one host: a mesh, and on a member also a replica, wired as their owner wires them, but for the doors.
 *
 * <pre>
 *   SimScheduler ─► turn ─► Replica ─► MeshEngine ─► SimLinks
 *                             └─► journal
 * </pre>
 */
public final class Life {
    private final SimProcess process;
    private final MeshEngine mesh;
    private final LongSupplier turnDelay;
    private final Consumer<ReplicaStatus> observer;
    private Optional<Replica> replica = Optional.empty();
    private boolean turnScheduled;
    private Optional<Scheduler.Task> alarm = Optional.empty();
    private long alarmAt;

    /** The identity's number decides the peer's key. */
    public Life(SimProcess process, MeshConfig config, long identity, RandomSource random, Surroundings around) {
        this.process = process;
        this.turnDelay = around.turnDelay;
        this.observer = around.observer;
        SimSigner signer = new SimSigner(identity);
        Bytes hello = Hello.of(config).encode();
        SimLinks links = around.network.join(
                process, new SimNetwork.Identity(signer.publicKey(), hello, config.listenAddress(), config.cluster()));
        this.mesh = new MeshEngine(config, process.clock(), process.scheduler(), random, links, signer);
        mesh.sealWith(new SimAgreement(signer.publicKey()));
    }

    /**
     * What a life gets from outside.
     *
     * @param turnDelay how long the replica takes until it turns
     * @param observer sees the replica's status after each turn
     */
    public record Surroundings(SimNetwork network, LongSupplier turnDelay, Consumer<ReplicaStatus> observer) {}

    public SimProcess process() {
        return process;
    }

    public MeshEngine mesh() {
        return mesh;
    }

    /** The replica, on a member. */
    public Optional<Replica> replica() {
        return replica;
    }

    public boolean up() {
        return !process.ended();
    }

    /** Begins the life of a relay, or of a member. */
    public void start(Optional<ReplicaConfig> config, Journal journal, IdentityStore papers, RandomSource random) {
        Replica.Doors doors = new Replica.Doors(process.clock(), random, mesh, journal, papers);
        replica = config.map(each -> new Replica(each, doors, this::wake));
        mesh.start();
        if (replica.isPresent()) {
            wake();
        }
    }

    private void wake() {
        if (!turnScheduled) {
            turnScheduled = true;
            process.scheduler().schedule(turnDelay.getAsLong(), this::turn);
        }
    }

    private void turn() {
        turnScheduled = false;
        Replica here = replica.orElseThrow();
        boolean more = here.turn();
        observer.accept(here.status());
        if (more) {
            wake();
            return;
        }
        if (here.status().isOver()) {
            return; // nothing is due any more
        }
        long next = here.nextTurnNanos();
        if (alarm.isEmpty() || alarmAt != next) {
            alarm.ifPresent(Scheduler.Task::cancel);
            alarmAt = next;
            long delay = Math.max(0, next - process.clock().nanos());
            alarm = Optional.of(process.scheduler().schedule(delay, () -> {
                alarm = Optional.empty();
                if (!turnScheduled) {
                    turn();
                }
            }));
        }
    }
}
