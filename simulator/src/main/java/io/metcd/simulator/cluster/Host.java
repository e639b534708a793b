package io.metcd.simulator.cluster;

import io.metcd.base.RandomSource;
import io.metcd.journal.Journal;
import io.metcd.journal.MemoryJournal;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.TopologyView;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.world.SimClock;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A place in the network: its address, what its disk keeps, and the lives that it has had. */
final class Host {
    private static final String CLUSTER = "sim";
    /** Identities of different lives of one host, where each life has its own. */
    private static final long IDENTITIES_PER_HOST = 10_000;

    private final ClusterWorld world;
    private final SimNetwork network;
    private final RandomSource random;
    private final int number;
    private final Optional<HostDisk> disk;
    private Life life;
    private Optional<Judges.Desk> desk = Optional.empty();
    private int lives;
    private boolean settled;
    private long lastStanding;

    Host(ClusterWorld world, SimNetwork network, RandomSource random, int number) {
        this.world = world;
        this.network = network;
        this.random = random;
        this.number = number;
        boolean keeps = isMember() && world.options().kept() == ClusterOptions.Kept.JOURNAL;
        this.disk = keeps ? Optional.of(new HostDisk(random.fork(), name())) : Optional.empty();
        this.life = begin();
    }

    int number() {
        return number;
    }

    boolean isMember() {
        return number < world.options().members();
    }

    Life life() {
        return life;
    }

    boolean up() {
        return life.up();
    }

    /** A member that came back without its memory, and so must become another member first. */
    boolean isNewcomer() {
        return isMember() && lives > 1 && !settled && world.options().kept() != ClusterOptions.Kept.JOURNAL;
    }

    /** The replica that clients and judges may ask. */
    Optional<Replica> replica() {
        return up() && !isNewcomer() ? life.replica() : Optional.empty();
    }

    /** Whether the cluster that this status is of counts on this host's vote. */
    boolean votes(ReplicaStatus status) {
        return up()
                && life.replica()
                        .map(each -> status.voters().contains(each.status().memberId()))
                        .orElse(false);
    }

    Optional<Judges.Desk> desk() {
        return desk;
    }

    boolean leads() {
        return up() && life.replica().map(each -> each.status().isLeader()).orElse(false);
    }

    void crash(SimNetwork.Death death) {
        network.crash(life.process(), death);
        disk.ifPresent(each -> each.crash(death));
        desk.ifPresent(Judges.Desk::close);
        desk = Optional.empty();
    }

    void restart() {
        life = begin();
    }

    String describe() {
        String what = isNewcomer() ? " newcomer " : isMember() ? " member " : " relay ";
        String replica = life.replica().map(Replica::status).map(Host::brief).orElse("");
        return name() + what + (up() ? "" : "down ") + replica + " | " + mesh();
    }

    /** The links that this host has, and what it fails to dial. */
    private String mesh() {
        TopologyView view = life.mesh().topology();
        StringBuilder text = new StringBuilder("links");
        for (TopologyView.LinkView link : view.links()) {
            text.append(' ')
                    .append(view.peer(link.peer())
                            .map(peer -> peer.facts().name())
                            .orElse("?"));
        }
        for (TopologyView.DialView dial : view.dials()) {
            if (!dial.connected()) {
                text.append(", no ").append(dial.address()).append(' ').append(dial.lastFailure());
            }
        }
        return text.toString();
    }

    private static String brief(ReplicaStatus status) {
        return status.phase() + " " + status.role() + " term=" + status.term() + " leader=" + status.leader()
                + " commit=" + status.commit() + " applied=" + status.applied() + " last=" + status.lastIndex() + " "
                + status.waitsFor();
    }

    private Life begin() {
        lives++;
        ClusterOptions options = world.options();
        long rate = options.clockErrorMillionths();
        SimClock clock = new SimClock(
                world.queue(),
                new SimClock.Skew(
                        random.between(0, 1L << 40),
                        rate == 0 ? 0 : random.between(-rate, rate),
                        SimClock.Skew.NONE.wallOriginMillis()));
        SimProcess process = new SimProcess(world.queue(), number, name(), clock);
        boolean keeps = options.kept() == ClusterOptions.Kept.JOURNAL;
        long identity = keeps || !isMember() ? number : number + IDENTITIES_PER_HOST * lives;
        Life.Surroundings around = new Life.Surroundings(network, world::turnNanos, this::turned);
        Life next = new Life(process, meshConfig(), identity, random.fork(), around);
        next.mesh().onEvent(event -> world.say(() -> name() + " " + event));
        if (!isMember()) {
            next.start(Optional.empty(), new MemoryJournal(), random.fork());
            return next;
        }
        ReplicaConfig config = replicaConfig();
        if (keeps) {
            Journal journal = disk.orElseThrow().open(world.queue(), process, () -> world.writeNanos(random));
            next.start(Optional.of(config.durable()), journal, random.fork());
        } else {
            next.start(Optional.of(config), new MemoryJournal(), random.fork());
        }
        settled = false;
        if (!isNewcomer()) {
            desk = next.replica().map(replica -> world.judges().desk(process, replica));
        }
        return next;
    }

    /** A newcomer that votes is a member like any other. */
    private void settle(ReplicaStatus status) {
        boolean votes = status.phase() == ReplicaStatus.Phase.RUNNING
                && status.hasLeader()
                && status.role() != ReplicaStatus.Role.LEARNER
                && status.voters().contains(status.memberId());
        if (votes && isNewcomer()) {
            settled = true;
            desk = life.replica().map(replica -> world.judges().desk(life.process(), replica));
        }
    }

    /** After a turn: a change of role or term is part of the trace. */
    private void turned(ReplicaStatus status) {
        settle(status);
        long standing = (status.term() * 31 + status.leader()) * 31 + (status.isLeader() ? 1 : 0);
        if (standing != lastStanding) {
            lastStanding = standing;
            world.queue().trace().note(standing);
            world.say(() -> name() + " is " + brief(status));
        }
    }

    private ReplicaConfig replicaConfig() {
        List<String> founders = new ArrayList<>();
        for (int member = 0; member < world.options().members(); member++) {
            founders.add(nameOf(member));
        }
        ReplicaConfig config = ReplicaConfig.ephemeral(CLUSTER, name(), founders, lives);
        return config.withLimits(
                config.limits().withLogBytesKept(world.options().logBytesKept()));
    }

    private MeshConfig meshConfig() {
        List<String> seeds = new ArrayList<>();
        for (int other = 0; other < world.hosts(); other++) {
            if (other != number && world.joins(number, other) && world.listens(other)) {
                seeds.add(address(other));
            }
        }
        MeshConfig config = MeshConfig.of(CLUSTER, name(), lives).withSeeds(seeds);
        return world.listens(number) ? config.withListen(address(number), List.of(address(number))) : config;
    }

    private String name() {
        return nameOf(number);
    }

    private static String nameOf(int number) {
        return "h" + number;
    }

    private static String address(int number) {
        return nameOf(number) + ":2380";
    }
}
