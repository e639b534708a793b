package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.base.Signer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Virtual time and a network of engines in it, everything decided by one seed. */
final class World {
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000_000_000L;

    final RandomSource random;
    final TreeMap<String, Node> nodes = new TreeMap<>();
    final TreeSet<String> cuts = new TreeSet<>();
    final TreeSet<String> forbidden = new TreeSet<>();
    final TreeMap<String, Long> delays = new TreeMap<>();
    /** Of every sender, in bytes a second. */
    long bandwidth = 100_000_000;

    /** Of datagrams' frames, how many vanish on each link. */
    double loss;

    boolean sealing = true;
    /** Every frame sent, when asked for. */
    final List<Bytes> sniffed = new ArrayList<>();

    boolean sniffing;
    long lastLink;
    long now = 5 * SECOND;
    long hash = 0xcbf29ce484222325L;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private long sequence;

    /** Something that happens at a time, unless its node has died, or once its node goes on. */
    private record Event(long due, long sequence, Node owner, Runnable task) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(due, other.due);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }

    World(long seed) {
        random = RandomSource.seeded(seed);
    }

    /** A process with an engine. */
    final class Node implements Clock, Scheduler {
        final String name;
        final MeshConfig config;
        final MeshEngine engine;
        final TestLinks links;
        final List<String> received = new ArrayList<>();
        boolean dead;
        boolean paused;
        private final List<Event> missed = new ArrayList<>();

        Node(String name, Bytes key, MeshConfig config) {
            this.name = name;
            this.config = config;
            this.links = new TestLinks(World.this, this, key);
            this.engine = new MeshEngine(config, this, this, random.fork(), links, new ToySigner(key));
            if (sealing) {
                engine.sealWith(other -> Optional.of(
                        ToySigner.sha256(key.compareTo(other) < 0 ? key.concat(other) : other.concat(key))));
            }
            engine.channel("test")
                    .onMessage((from, payload) -> received.add(engine.topology().nameOf(from) + ":" + payload));
            engine.channel("test")
                    .onCall((from, request, reply) ->
                            reply.send(Bytes.utf8("re ").concat(request)));
        }

        PeerId id() {
            return engine.self();
        }

        TopologyView view() {
            return engine.topology();
        }

        boolean reaches(String other) {
            return view().reachable(node(other).id());
        }

        String pathTo(String other) {
            return view().peer(node(other).id())
                    .map(peer -> String.join(
                            " ", peer.path().stream().map(view()::nameOf).toList()))
                    .orElse("unknown");
        }

        SendOutcome send(String to, String text) {
            return engine.channel("test")
                    .send(node(to).id(), Priority.CONSENSUS, Bytes.utf8(text), Channel.NEVER_SUPERSEDED);
        }

        /** In a class that goes one way alone. */
        SendOutcome sendData(String to, String text) {
            return engine.channel("test")
                    .send(node(to).id(), Priority.DATA, Bytes.utf8(text), Channel.NEVER_SUPERSEDED);
        }

        void pause() {
            paused = true;
        }

        void resume() {
            paused = false;
            missed.forEach(event -> at(now, this, event.task));
            missed.clear();
        }

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public long wallMillis() {
            return 1_700_000_000_000L + now / MILLI;
        }

        @Override
        public void execute(Runnable task) {
            at(now, this, task);
        }

        @Override
        public Task schedule(long delayNanos, Runnable task) {
            boolean[] cancelled = new boolean[1];
            at(now + delayNanos, this, () -> {
                if (!cancelled[0]) {
                    task.run();
                }
            });
            return () -> cancelled[0] = true;
        }
    }

    /** A peer that listens at {@code name:1} and dials the given seeds. */
    Node add(String name, String... seeds) {
        return add(
                name,
                config -> config.withListen(name + ":1", List.of(name + ":1")).withSeeds(List.of(seeds)));
    }

    /** A peer that only dials. */
    Node addDialler(String name, String... seeds) {
        return add(name, config -> config.withSeeds(List.of(seeds)));
    }

    Node add(String name, UnaryOperator<MeshConfig> configure) {
        return start(name, random.bytes(32), configure.apply(MeshConfig.of("test", name, now)));
    }

    /** A new life with the same key. */
    Node restart(String name, long incarnation) {
        Node old = node(name);
        MeshConfig config = old.config;
        return start(
                name,
                old.links.key,
                new MeshConfig(
                        config.cluster(),
                        name,
                        incarnation,
                        config.listenAddresses(),
                        config.advertised(),
                        config.seeds(),
                        config.discovers(),
                        config.relayWilling(),
                        config.profile()));
    }

    Node start(String name, Bytes key, MeshConfig config) {
        Node node = new Node(name, key, config);
        nodes.put(name, node);
        node.engine.start();
        return node;
    }

    Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new AssertionError("no node " + name);
        }
        return node;
    }

    /** The machine is gone: silence. */
    void kill(String name) {
        node(name).dead = true;
    }

    /** The process is gone, and the system closes its links. */
    void crash(String name) {
        node(name).links.resetAll();
        kill(name);
    }

    /** Nothing passes in this direction. */
    void cut(String from, String to) {
        cuts.add(from + ">" + to);
    }

    void cutBoth(String a, String b) {
        cut(a, b);
        cut(b, a);
    }

    void heal() {
        cuts.clear();
        nodes.values().forEach(node -> node.links.healed());
    }

    /** Neither can dial the other. */
    void forbid(String a, String b) {
        forbidden.add(a + ">" + b);
        forbidden.add(b + ">" + a);
    }

    /** The link closes at both ends at once; it may be dialled again unless that is forbidden. */
    void breakLinks(String a, String b) {
        node(a).links.breakLinksTo(node(b));
    }

    /** One-way delay in both directions. */
    void delay(String a, String b, long nanos) {
        delays.put(a + ">" + b, nanos);
        delays.put(b + ">" + a, nanos);
    }

    long delayOf(String from, String to) {
        return delays.getOrDefault(from + ">" + to, MILLI / 4);
    }

    boolean isCut(String from, String to) {
        return cuts.contains(from + ">" + to);
    }

    void run(long nanos) {
        long end = now + nanos;
        while (!queue.isEmpty() && queue.peek().due <= end) {
            step();
        }
        now = end;
    }

    /** Runs until the condition holds; returns how long that took. */
    long runUntil(BooleanSupplier condition, long longestNanos) {
        long begin = now;
        while (!condition.getAsBoolean()) {
            if (queue.isEmpty() || queue.peek().due > begin + longestNanos) {
                throw new AssertionError("not within " + longestNanos / MILLI + " ms");
            }
            step();
        }
        return now - begin;
    }

    boolean allReachAll() {
        for (Node from : nodes.values()) {
            for (Node to : nodes.values()) {
                if (!from.dead && !to.dead && !from.view().reachable(to.id())) {
                    return false;
                }
            }
        }
        return true;
    }

    void at(long due, Node owner, Runnable task) {
        queue.add(new Event(due, sequence++, owner, task));
    }

    void trace(long value) {
        hash = (hash ^ value) * 0x100000001b3L;
    }

    private void step() {
        Event event = queue.poll();
        now = Math.max(now, event.due);
        if (event.owner.paused) {
            event.owner.missed.add(event);
        } else if (!event.owner.dead) {
            event.task.run();
        }
    }

    /** Signs with a hash: whoever has the key could forge, and nobody here does. */
    record ToySigner(Bytes publicKey) implements Signer {
        @Override
        public Bytes sign(Bytes message) {
            Bytes half = sha256(publicKey.concat(message));
            return half.concat(sha256(half));
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return new ToySigner(key).sign(message).equals(signature);
        }

        private static Bytes sha256(Bytes input) {
            try {
                return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(input.toArray()));
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }
    }
}
