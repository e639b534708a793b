package io.metcd.simulator.founding;

import io.metcd.base.ByteWriter;
import io.metcd.base.RandomSource;
import io.metcd.mesh.PeerId;
import io.metcd.node.Founding;
import io.metcd.node.FoundingLock;
import io.metcd.node.PromiseStore;
import io.metcd.node.ReplicaConfig;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The hosts, their disks, the founders that live on them, and how word of one comes to the others. */
final class World {
    static final long MILLI = 1_000_000L;
    private static final long LOOK_NANOS = 500 * MILLI;
    private static final long COMPARE_NANOS = 900 * MILLI;
    private static final long WALL_MILLIS = 1_767_225_600_000L;

    final EventQueue queue;
    final Shape shape;
    final Truth truth;
    private final RandomSource random;
    private final Shelf.Trouble trouble;
    private final Shelf.Lock lock;
    private final Checks checks;
    private final List<Host> hosts = new ArrayList<>();
    /** Belongs to nobody who could die. */
    private final SimProcess world;

    private double loss;
    private long noticeNanos;

    /** What is there of a host, whoever lives on it. */
    private static final class Host {
        private Shelf.Disk disk;
        private long identity;
        private long starts;
        private boolean history;
        private Optional<Founder> founder = Optional.empty();

        Host(Shelf.Disk disk, long identity) {
            this.disk = disk;
            this.identity = identity;
        }
    }

    World(EventQueue queue, Shape shape, RandomSource random, Checks checks) {
        this.queue = queue;
        this.shape = shape;
        this.random = random;
        this.checks = checks;
        this.loss = shape.loss();
        this.noticeNanos = shape.noticeNanos();
        this.truth = new Truth(shape.hosts() + shape.spare());
        this.world = new SimProcess(queue, 99, "world");
        this.trouble = new Shelf.Trouble(random.fork(), shape.chaosNanos() > 0 ? 0.04 : 0);
        this.lock = new Shelf.Lock(trouble);
        for (int host = 0; host < shape.hosts() + shape.spare(); host++) {
            hosts.add(new Host(new Shelf.Disk(trouble), random.nextLong()));
        }
    }

    /** Something that happens to the world. */
    void after(long nanos, Runnable event) {
        queue.at(queue.now() + nanos, world, event);
    }

    List<Founder> alive() {
        List<Founder> alive = new ArrayList<>();
        for (Host host : hosts) {
            host.founder.ifPresent(alive::add);
        }
        return alive;
    }

    boolean connected(Founder a, Founder b) {
        return truth.connected(a.host, b.host);
    }

    /** Begins a life on a host that has none; it may end before it is heard of. */
    void start(int number) {
        Host host = hosts.get(number);
        if (host.founder.isEmpty()) {
            try {
                start(number, host);
            } catch (Shelf.Ended ended) {
                host.founder = Optional.empty();
            }
        }
    }

    private void start(int number, Host host) {
        host.starts++;
        if (!shape.mode().durable()) {
            host.identity = random.nextLong();
        }
        long incarnation = WALL_MILLIS + queue.now() / MILLI * 10 + host.starts;
        ReplicaConfig config = shape.config(number, incarnation);
        PeerId peer = PeerId.of(new ByteWriter(8).u64(host.identity).toBytes());
        Optional<Founding> founding = founding(config, peer, host.disk);
        SimProcess process = new SimProcess(queue, number, shape.name(number) + number + "." + host.starts);
        Founder founder = new Founder(new Founder.Person(process, peer, config), founding, host.history);
        host.founder = Optional.of(founder);
        truth.up(number);
        rethink();
        every(founder, LOOK_NANOS, () -> look(founder));
        every(founder, COMPARE_NANOS, () -> compare(founder));
        look(founder);
    }

    private Optional<Founding> founding(ReplicaConfig config, PeerId peer, Shelf.Disk disk) {
        PromiseStore promises = shape.mode() == Mode.EXPECT_DURABLE ? disk : PromiseStore.NONE;
        Optional<FoundingLock> outside = shape.mode() == Mode.EXPECT_LOCK ? Optional.of(lock) : Optional.empty();
        return shape.mode() == Mode.SLOTS_DURABLE
                ? Optional.empty()
                : Optional.of(new Founding(config, peer, random.fork(), new Founding.Doors(promises, outside)));
    }

    void crash(int number) {
        Host host = hosts.get(number);
        host.founder.ifPresent(founder -> {
            host.history = shape.mode().durable() && founder.hasHistory();
            founder.process.end();
            host.founder = Optional.empty();
            truth.down(number);
            rethink();
        });
    }

    void pause(int number, long nanos) {
        hosts.get(number).founder.ifPresent(founder -> {
            founder.process.pause();
            after(nanos, founder.process::resume);
        });
    }

    void cut(int a, int b) {
        truth.cut(a, b);
        rethink();
    }

    void split(int side) {
        truth.split(side);
        rethink();
    }

    void heal() {
        truth.healAll();
        rethink();
    }

    /** From now on nothing goes wrong: everybody lives once, and reaches everybody. */
    void calm() {
        trouble.end();
        loss = 0;
        noticeNanos = Shape.PROMPT_NANOS;
        checks.expectAlarms();
        for (int host = shape.hosts(); host < hosts.size(); host++) {
            crash(host);
        }
        for (int host = 0; host < shape.hosts(); host++) {
            hosts.get(host).founder.ifPresent(founder -> founder.process.resume());
            start(host);
        }
        heal();
    }

    /** Whoever has a leader now: each connected majority of a set, sooner or later. */
    void reign() {
        for (Founder leader : alive()) {
            if (leader.isAwake() && leader.running().isPresent() && !random.chance(0.4)) {
                List<Founder> followers = alive().stream()
                        .filter(each ->
                                each.isAwake() && each.clusterId() == leader.clusterId() && connected(leader, each))
                        .toList();
                if (followers.size() > leader.running().get().seats().size() / 2) {
                    followers.forEach(this::crown);
                }
            }
        }
    }

    private void crown(Founder founder) {
        if (!founder.hasHistory()) {
            founder.reign();
            tell(founder);
            soon(founder);
        }
    }

    private void every(Founder founder, long nanos, Runnable event) {
        queue.at(queue.now() + nanos / 2 + random.between(0, nanos / 2), founder.process, () -> {
            event.run();
            every(founder, nanos, event);
        });
    }

    private void look(Founder founder) {
        if (founder.process.ended()) {
            return;
        }
        try {
            founder.look(queue.now());
        } catch (Shelf.Ended ended) {
            crash(founder.host);
            return;
        }
        checks.looked(founder);
        tell(founder);
    }

    private void soon(Founder founder) {
        if (founder.askLook()) {
            queue.at(queue.now() + random.between(0, 20 * MILLI), founder.process, () -> look(founder));
        }
    }

    /** Sends what is new of a founder to everybody whom it reaches; some of it is lost, some comes late. */
    private void tell(Founder founder) {
        founder.speak().ifPresent(record -> {
            for (Founder other : alive()) {
                if (!other.peer.equals(founder.peer) && connected(founder, other) && !random.chance(loss)) {
                    long delay = random.between(MILLI, random.chance(0.1) ? 900 * MILLI : 60 * MILLI);
                    queue.at(queue.now() + delay, other.process, () -> {
                        if (other.sight.hear(record)) {
                            soon(other);
                        }
                    });
                }
            }
        });
    }

    /** Neighbours compare what they know, of whomever: each with each, or only now and then where all is late. */
    private void compare(Founder founder) {
        for (Founder other : alive()) {
            if (connected(founder, other) && (noticeNanos == Shape.PROMPT_NANOS || random.chance(0.3))) {
                learn(founder, other);
            }
        }
    }

    private void learn(Founder founder, Founder from) {
        boolean news = false;
        for (Sight.Word record : new ArrayList<>(from.sight.words())) {
            news |= founder.sight.hear(record);
        }
        if (news) {
            soon(founder);
        }
    }

    /** The truth has changed: everybody notices in time, and learns what the newly found know. */
    private void rethink() {
        for (Founder founder : alive()) {
            queue.at(queue.now() + random.between(50 * MILLI, noticeNanos), founder.process, () -> notice(founder));
        }
    }

    private void notice(Founder founder) {
        List<PeerId> reach = new ArrayList<>();
        for (Founder other : alive()) {
            if (connected(founder, other)) {
                reach.add(other.peer);
                learn(founder, other);
            }
        }
        if (founder.sight.believe(reach)) {
            soon(founder);
        }
    }
}
