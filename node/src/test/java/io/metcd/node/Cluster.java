package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.MemoryJournal;
import io.metcd.journal.Workers;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** Replicas in a {@link World}. */
final class Cluster {
    static final long SECOND = 1_000_000_000L;
    static final long MILLI = 1_000_000L;

    /** One running replica. */
    final class Host {
        final String name;
        final World.Peer mesh;
        final Replica replica;
        final List<Event> events = new ArrayList<>();
        private boolean scheduled;
        private boolean alive = true;
        /** The process stands still; what comes waits in the mailbox. */
        boolean paused;
        /** Happens once, right after this host has next read its clock. */
        Optional<Runnable> afterClock = Optional.empty();

        Host(World.Peer mesh, ReplicaConfig config, Journal journal, IdentityStore identities) {
            this.name = config.name();
            this.mesh = mesh;
            this.replica = new Replica(
                    config,
                    new Replica.Doors(new HostClock(), world.random.fork(), mesh, journal, identities),
                    this::wake);
            replica.subscribe((root, news) -> events.addAll(news));
            wake();
            tick();
        }

        private final class HostClock implements Clock {
            @Override
            public long nanos() {
                long now = world.nanos();
                Optional<Runnable> happening = afterClock;
                afterClock = Optional.empty();
                happening.ifPresent(Runnable::run);
                return now;
            }

            @Override
            public long wallMillis() {
                return world.wallMillis();
            }
        }

        void wake() {
            if (!scheduled && alive) {
                scheduled = true;
                world.after(20_000, this::run);
            }
        }

        /** As the thread of a process does: a turn at the latest when it is due. */
        private void tick() {
            if (alive) {
                wake();
                world.after(Math.max(MILLI, replica.nextTurnNanos() - world.nanos()), this::tick);
            }
        }

        private void run() {
            scheduled = false;
            if (alive && !paused && replica.turn()) {
                wake();
            }
        }
    }

    final World world;
    private final DiskJournal.Setup setup;
    final List<String> names;
    final TreeMap<String, Host> hosts = new TreeMap<>();
    UnaryOperator<ReplicaConfig> configure = config -> config;
    private long lives;

    Cluster(long seed, String... names) {
        this.world = new World(seed);
        this.setup =
                new DiskJournal.Setup(io.metcd.journal.Limits.SMALL, world, RandomSource.seeded(2), Workers.INLINE);
        this.names = List.of(names);
    }

    static Cluster ofThree(long seed) {
        Cluster cluster = new Cluster(seed, "a", "b", "c");
        cluster.names.forEach(cluster::start);
        return cluster;
    }

    /** A life that remembers nothing. */
    Host start(String name) {
        long incarnation = nextIncarnation();
        return start(
                configure.apply(ReplicaConfig.ephemeral("orders", name, names, incarnation)),
                world.join(name, incarnation),
                new MemoryJournal(),
                IdentityStore.NONE);
    }

    /** A life that goes on from what its disk holds, with the key that it had. */
    Host start(String name, SimDisk disk, String key) {
        try {
            long incarnation = nextIncarnation();
            return start(
                    configure.apply(ReplicaConfig.ephemeral("orders", name, names, incarnation)
                            .durable()),
                    world.join(name, incarnation, key),
                    DiskJournal.open(disk, Bytes.utf8("orders/" + name), setup),
                    new MemberFile(disk));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A life that remembers nothing, under a name that no founder has. */
    Host guest(String name) {
        long incarnation = nextIncarnation();
        return start(
                configure.apply(ReplicaConfig.ephemeral("orders", name, List.of(name), incarnation)
                        .guest()),
                world.join(name, incarnation),
                new MemoryJournal(),
                IdentityStore.NONE);
    }

    /** A member that comes into the cluster, under a name of its own. */
    Host join(String name, SimDisk disk, String key) {
        try {
            List<String> known = new ArrayList<>(names);
            known.add(name);
            long incarnation = nextIncarnation();
            return start(
                    configure.apply(ReplicaConfig.ephemeral("orders", name, known, incarnation)
                            .joining()),
                    world.join(name, incarnation, key),
                    DiskJournal.open(disk, Bytes.utf8("orders/" + name), setup),
                    new MemberFile(disk));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long nextIncarnation() {
        lives++;
        return 1000 + lives;
    }

    private Host start(ReplicaConfig config, World.Peer peer, Journal journal, IdentityStore identities) {
        Host host = new Host(peer, config, journal, identities);
        hosts.put(config.name(), host);
        return host;
    }

    void crash(String name) {
        Host host = host(name);
        host.alive = false;
        host.mesh.stop();
        hosts.remove(name);
    }

    Host host(String name) {
        return Objects.requireNonNull(hosts.get(name), name);
    }

    Host leader() {
        return hosts.values().stream()
                .filter(host -> host.replica.status().isLeader())
                .max((a, b) -> Long.compare(
                        a.replica.status().term(), b.replica.status().term()))
                .orElseThrow(() -> new AssertionError("no leader"));
    }

    Host follower() {
        return hosts.values().stream()
                .filter(host -> host != leader())
                .findFirst()
                .orElseThrow();
    }

    void awaitLeader() {
        await(
                20 * SECOND,
                () -> hosts.values().stream()
                        .allMatch(host -> host.replica.status().hasLeader()));
    }

    /** Plays until the condition holds. */
    void await(long nanos, BooleanSupplier condition) {
        for (long waited = 0; waited < nanos; waited += 10 * MILLI) {
            if (condition.getAsBoolean()) {
                return;
            }
            world.play(10 * MILLI);
        }
        assertThat(condition.getAsBoolean()).as(() -> "in time; " + describe()).isTrue();
    }

    Outcome submit(Host host, Command command) {
        List<Outcome> outcomes = new ArrayList<>();
        host.replica.submit(command, 7 * SECOND, outcomes::add);
        await(8 * SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0);
    }

    Outcome put(Host host, String key, String value) {
        return submit(host, Op.Put.of(Bytes.utf8(key), Bytes.utf8(value)));
    }

    String get(Host host, String key) {
        List<ReadOutcome> outcomes = new ArrayList<>();
        host.replica.read(7 * SECOND, outcomes::add);
        await(8 * SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0) instanceof ReadOutcome.At at
                ? value(at.root().range(RangeQuery.key(Bytes.utf8(key))))
                : outcomes.get(0).toString();
    }

    static String value(RangeResult result) {
        List<KeyValue> found = ((RangeResult.Ok) result).kvs();
        return found.isEmpty() ? "none" : found.get(0).value().toUtf8();
    }

    static long keys(Host host) {
        return ((RangeResult.Ok) host.replica.root().range(RangeQuery.of(KeyRange.ALL))).count();
    }

    String describe() {
        StringBuilder text = new StringBuilder();
        hosts.forEach((name, host) ->
                text.append(name).append(": ").append(host.replica.status()).append('\n'));
        return text.toString();
    }
}
