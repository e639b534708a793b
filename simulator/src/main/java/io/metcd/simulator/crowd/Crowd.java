package io.metcd.simulator.crowd;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Signer;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEngine;
import io.metcd.mesh.MeshEvent;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.wire.Hello;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimAgreement;
import io.metcd.simulator.world.SimLinks;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.SimSigner;
import io.metcd.simulator.world.TraceHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/** Peers 0 … n-1 on one network; each listens, and dials the first few as its seeds. */
final class Crowd {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    private static final int SEEDS = 3;
    private static final String CLUSTER = "crowd";

    private final EventQueue queue = new EventQueue(new TraceHash());
    private final RandomSource random;
    private final SimNetwork network;
    private final List<Peer> peers = new ArrayList<>();
    private int living;

    /** Paths of 2 to 6 ms. */
    Crowd(long seed, int size) {
        this.random = RandomSource.seeded(seed);
        var paths = new Paths(size, new Path.Conditions(2 * MILLI, 4 * MILLI, 0, 0));
        this.network = new SimNetwork(queue, random.fork(), paths, SimNetwork.Limits.DEFAULT);
        List<String> seeds = new ArrayList<>();
        for (int i = 0; i < Math.min(SEEDS, size); i++) {
            seeds.add(address(i));
        }
        for (int i = 0; i < size; i++) {
            peers.add(new Peer(i, seeds));
        }
        living = size;
    }

    /** One peer, and what it has been seen to do. */
    final class Peer {
        final int number;
        final SimProcess process;
        final MeshEngine mesh;
        final Counting signer;
        /** When it noticed that a link had died, and whose. */
        final List<MeshEvent> linksLost = new ArrayList<>();

        boolean dead;

        private Peer(int number, List<String> seeds) {
            this.number = number;
            this.process = new SimProcess(queue, number, "peer" + number);
            this.signer = new Counting(new SimSigner(number + 1));
            MeshConfig config = MeshConfig.of(CLUSTER, process.name(), 1)
                    .withListen(address(number), List.of(address(number)))
                    .withSeeds(seeds);
            Bytes hello = Hello.of(config).encode();
            SimLinks links = network.join(
                    process, new SimNetwork.Identity(signer.publicKey(), hello, config.listenAddress(), CLUSTER));
            this.mesh = new MeshEngine(config, process.clock(), process.scheduler(), random.fork(), links, signer);
            mesh.sealWith(new SimAgreement(signer.publicKey()));
            mesh.onEvent(event -> {
                if (event.kind() == MeshEvent.Kind.LINK_DOWN) {
                    linksLost.add(event);
                }
            });
        }

        PeerId id() {
            return mesh.self();
        }

        TopologyView view() {
            return mesh.topology();
        }

        boolean reaches(Peer other) {
            return view().reachable(other.id());
        }

        /** Bytes handed to its links that are up now. */
        long sentBytes() {
            return view().links().stream()
                    .mapToLong(TopologyView.LinkView::sentBytes)
                    .sum();
        }
    }

    /** Counts verifications, which are what a real peer spends most of its time with. */
    static final class Counting implements Signer {
        private final Signer signer;
        private long verified;

        Counting(Signer signer) {
            this.signer = signer;
        }

        long verified() {
            return verified;
        }

        @Override
        public Bytes publicKey() {
            return signer.publicKey();
        }

        @Override
        public Bytes sign(Bytes message) {
            return signer.sign(message);
        }

        @Override
        public boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
            verified++;
            return signer.verify(publicKey, message, signature);
        }
    }

    private static String address(int number) {
        return "host" + number + ":1";
    }

    EventQueue queue() {
        return queue;
    }

    /** All that live. */
    List<Peer> living() {
        return peers.stream().filter(peer -> !peer.dead).toList();
    }

    /** One that lives, and is no seed. */
    Peer any() {
        Peer chosen;
        do {
            chosen = peers.get(random.nextInt(peers.size()));
        } while (chosen.dead || chosen.number < SEEDS);
        return chosen;
    }

    /** Starts everybody within a second. */
    void start() {
        for (Peer peer : peers) {
            queue.at(queue.now() + random.between(0, SECOND), peer.process, peer.mesh::start);
        }
    }

    void run(long nanos) {
        queue.runUntil(queue.now() + nanos);
    }

    /** The machine is gone: silence. */
    void kill(Peer peer) {
        peer.dead = true;
        living--;
        network.crash(peer.process, SimNetwork.Death.MACHINE);
    }

    /** Nothing passes between those with even numbers and those with odd ones. */
    void split() {
        for (Peer one : peers) {
            for (Peer other : peers) {
                if (one.number % 2 == 0 && other.number % 2 == 1) {
                    network.paths().cutBoth(one.number, other.number);
                }
            }
        }
    }

    void heal() {
        network.healAll();
    }

    /**
     * Runs until the condition holds for each living peer, but no longer than the limit; returns how long that took
     * for each, ascending, in milliseconds, with the limit for those for whom it does not hold even then.
     */
    long[] until(Predicate<Peer> condition, long stepNanos, long limitNanos) {
        List<Peer> waiting = new ArrayList<>(living());
        long[] times = new long[waiting.size()];
        int known = 0;
        long begin = queue.now();
        while (!waiting.isEmpty() && queue.now() - begin < limitNanos) {
            run(stepNanos);
            Iterator<Peer> each = waiting.iterator();
            while (each.hasNext()) {
                if (condition.test(each.next())) {
                    each.remove();
                    times[known++] = (queue.now() - begin) / MILLI;
                }
            }
        }
        Arrays.fill(times, known, times.length, limitNanos / MILLI);
        return times;
    }

    /** Whether the peer sees all that live, and nobody else, as reachable. */
    boolean seesTheLiving(Peer peer) {
        int reached = 0;
        for (TopologyView.PeerView other : peer.view().peers().values()) {
            reached += other.reachable() ? 1 : 0;
        }
        return reached == living;
    }
}
