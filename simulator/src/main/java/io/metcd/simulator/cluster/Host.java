package io.metcd.simulator.cluster;

import io.metcd.base.Disk;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.journal.MemoryJournal;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.TopologyView;
import io.metcd.node.IdentityStore;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.node.autopilot.Mode;
import io.metcd.node.autopilot.Rules;
import io.metcd.simulator.world.SimClock;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A place in the network: its address, what its disk keeps, and the lives that it has had. */
final class Host {
    private static final String CLUSTER = "sim";
    /** What a member says that refuses its directory. */
    private static final String CURE = "recover this member from its peers: `etcdctl member remove` it";
    /** Identities of different lives of one host, where each life has its own. */
    private static final long IDENTITIES_PER_HOST = 10_000;

    /** Snapshots that come as early as this are as many as a run can use. */
    private static final long JOURNAL_BYTES_MIN = 20_000;

    private final ClusterWorld world;
    private final SimNetwork network;
    private final RandomSource random;
    private final int number;
    private Optional<HostDisk> disk;
    private Life life;
    private Optional<Judges.Desk> desk = Optional.empty();
    private int lives;
    /** How often the host has come as a new member, with an empty disk; 0 for a founder. */
    private int arrivals;

    private boolean settled;
    private boolean leaves;
    private boolean full;
    private Directory directory = Directory.SOUND;
    private long lastStanding;

    /** What is to be thought of what the disk holds. */
    private enum Directory {
        SOUND,
        /** Something there has rotted, and nobody has looked yet. */
        ROTTEN,
        /** It was refused: the member must be replaced. */
        REFUSED,
        /** Another one is in its place, that of a member that does not vote yet. */
        REPLACED
    }

    Host(ClusterWorld world, SimNetwork network, RandomSource random, int number) {
        this.world = world;
        this.network = network;
        this.random = random;
        this.number = number;
        this.disk = keeps() ? Optional.of(new HostDisk(random.fork(), CLUSTER)) : Optional.empty();
        this.life = begin().orElseThrow();
    }

    int number() {
        return number;
    }

    /** Whether a replica runs here: that of a founder, or of who has come since. */
    boolean isMember() {
        boolean founder = number < world.options().members();
        return founder || arrivals > 0 || (isSpare() && world.options().growth().piloted());
    }

    private boolean isSpare() {
        return number >= world.shaped();
    }

    /** Whether an operator may make a member of it: it is none, or none any more. */
    boolean isFree() {
        return up()
                && (isSpare() || isMember())
                && life.replica().map(Host::isRemoved).orElse(isSpare());
    }

    private static boolean isRemoved(Replica replica) {
        return replica.status().phase() == ReplicaStatus.Phase.REMOVED;
    }

    /** The peer URLs under which the next member here is known. */
    List<String> nextUrls() {
        return urls(arrivals + 1);
    }

    private List<String> urls(int arrival) {
        return List.of("http://" + name() + "." + arrival + ".mesh:2380");
    }

    /** Another machine in the place of this host, with an empty disk and a key of its own, comes into the cluster. */
    void arrive() {
        if (up()) {
            world.lose(this, SimNetwork.Death.MACHINE);
        }
        arrivals++;
        full = false;
        disk = Optional.of(new HostDisk(random.fork(), CLUSTER));
        directory = directory == Directory.REFUSED ? Directory.REPLACED : directory;
        restart();
    }

    /** Whether its disk has all that its member has acknowledged. */
    boolean isSound() {
        return directory == Directory.SOUND;
    }

    /** Whether its member has to be replaced, or is just being so. */
    boolean isInRepair() {
        return directory == Directory.REFUSED || isReplaced();
    }

    boolean isReplaced() {
        return directory == Directory.REPLACED;
    }

    /** Its new member votes. */
    void mended() {
        world.say(() -> name() + " is mended");
        directory = Directory.SOUND;
    }

    /** Something on the disk rots while the member is down. */
    void rot() {
        disk.flatMap(HostDisk::rot).ifPresent(what -> {
            world.say(() -> "on the disk of " + name() + " " + what);
            directory = Directory.ROTTEN;
            world.mender().note("rotted");
        });
    }

    /** As a process does whose cluster has gone on without it. */
    private void comeAgain() {
        if (up() && leaves) {
            world.say(() -> name() + " comes as another member");
            world.lose(this, SimNetwork.Death.PROCESS);
            restart();
        }
    }

    private boolean keeps() {
        return isMember() && world.options().kept() == ClusterOptions.Kept.JOURNAL;
    }

    Life life() {
        return life;
    }

    boolean up() {
        return life.up();
    }

    /** A member that came back without its memory, and so must become another member first. */
    boolean isNewcomer() {
        boolean comes = keeps() ? arrivals > 0 : lives > 1 || isSpare();
        return isMember() && comes && !settled;
    }

    /** The replica that clients and judges may ask. */
    Optional<Replica> replica() {
        return up() && !isNewcomer() ? life.replica().filter(each -> !isRemoved(each)) : Optional.empty();
    }

    /** Whether its replica serves, and the state says of it who it is: so that an operator can remove it. */
    boolean isKnown() {
        return replica()
                .map(Replica::status)
                .filter(status -> status.members().stream().anyMatch(member -> member.id() == status.memberId()))
                .isPresent();
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
    }

    /** What was attached here is attached elsewhere from now on. */
    void shut() {
        desk = Optional.empty();
    }

    void fillDisk() {
        full = true;
        disk.ifPresent(each -> each.disk().fill());
    }

    void makeRoom() {
        full = false;
        disk.ifPresent(each -> each.disk().makeRoom());
    }

    /** Without effect where the directory was refused before. */
    void restart() {
        if (directory != Directory.REFUSED) {
            begin().ifPresent(next -> life = next);
        }
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

    /** Another life; empty if the directory is not fit for one. */
    private Optional<Life> begin() {
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
        Optional<HostDisk.Opened> opened = keeps() ? boot(process) : Optional.empty();
        if (keeps() && opened.isEmpty()) {
            process.end();
            return Optional.empty();
        }
        Life next = live(process, opened);
        settled = false;
        leaves = false;
        if (isMember() && !isNewcomer()) {
            desk = next.replica().map(replica -> world.judges().desk(process, replica));
        }
        return Optional.of(next);
    }

    private Life live(SimProcess process, Optional<HostDisk.Opened> opened) {
        long incarnation = opened.map(HostDisk.Opened::incarnation).orElse((long) lives);
        long identity = number + IDENTITIES_PER_HOST * (opened.isPresent() || !isMember() ? arrivals : lives);
        Life.Surroundings around = new Life.Surroundings(network, world::turnNanos, this::turned);
        Life next = new Life(process, meshConfig(incarnation), identity, random.fork(), around);
        next.mesh().onEvent(event -> world.say(() -> name() + " " + event));
        if (!isMember()) {
            next.start(Optional.empty(), new MemoryJournal(), IdentityStore.NONE, random.fork());
            return next;
        }
        ReplicaConfig config = replicaConfig(incarnation);
        if (opened.isPresent()) {
            ReplicaConfig durable =
                    arrivals == 0 ? config.durable() : config.joining().withUrls(List.of(), urls(arrivals));
            next.start(
                    Optional.of(durable), opened.get().journal(), opened.get().papers(), random.fork());
        } else {
            ReplicaConfig ephemeral = isSpare() ? config.guest() : config;
            next.start(Optional.of(ephemeral), new MemoryJournal(), IdentityStore.NONE, random.fork());
        }
        return next;
    }

    /** A directory is refused because it has rotted, or as long as there is no room on the disk; for nothing else. */
    private Optional<HostDisk.Opened> boot(SimProcess process) {
        try {
            HostDisk.Opened opened = disk.orElseThrow().open(world.queue(), process, () -> world.writeNanos(random));
            if (directory == Directory.ROTTEN) {
                world.say(() -> name() + " starts, for what has rotted there is of no use any more");
                directory = Directory.SOUND;
                world.mender().note("harmless");
            }
            return Optional.of(opened);
        } catch (Disk.NoSpace noRoom) {
            world.startLater(this);
        } catch (IOException refusal) {
            String text = String.valueOf(refusal.getMessage());
            Invariants.check(directory == Directory.ROTTEN, "%s is refused: %s", name(), text);
            Invariants.check(text.contains(CURE), "%s says no cure: %s", name(), text);
            world.say(() -> name() + " is refused: " + text);
            directory = Directory.REFUSED;
            world.mender().note("refused");
        }
        return Optional.empty();
    }

    /** A newcomer that votes is a member like any other; where it may stay a learner, one that has a leader. */
    private void settle(ReplicaStatus status) {
        boolean serves = status.phase() == ReplicaStatus.Phase.RUNNING && status.hasLeader();
        boolean votes =
                status.role() != ReplicaStatus.Role.LEARNER && status.voters().contains(status.memberId());
        boolean mayLearn = keeps() || world.options().growth().piloted();
        if (serves && (votes || mayLearn) && isNewcomer()) {
            settled = true;
            desk = life.replica().map(replica -> world.judges().desk(life.process(), replica));
        }
    }

    /** After a turn: a change of role or term is part of the trace. */
    private void turned(ReplicaStatus status) {
        settle(status);
        if (status.phase() == ReplicaStatus.Phase.REPLACED && !leaves) {
            leaves = true;
            world.soon(this::comeAgain);
        } else if (status.phase() == ReplicaStatus.Phase.FAILED && full && !leaves) {
            leaves = true;
            world.soon(() -> world.lose(this, SimNetwork.Death.PROCESS));
            world.startLater(this);
        } else if (status.isOver() && desk.isPresent()) {
            world.soon(() -> world.abandoned(this));
        }
        long standing = (status.term() * 31 + status.leader()) * 31 + (status.isLeader() ? 1 : 0);
        if (standing != lastStanding) {
            lastStanding = standing;
            world.queue().trace().note(standing);
            world.say(() -> name() + " is " + brief(status));
        }
    }

    private ReplicaConfig replicaConfig(long incarnation) {
        List<String> founders = new ArrayList<>();
        for (int member = 0; member < world.options().members(); member++) {
            founders.add(nameOf(member));
        }
        if (!founders.contains(name())) {
            founders.add(name());
        }
        ReplicaConfig config = ReplicaConfig.ephemeral(CLUSTER, name(), founders, incarnation);
        config = config.withTiming(
                config.timing().withLeaseCheckpoints(world.options().checkpointSeconds()));
        if (world.options().growth().piloted()) {
            int voters = Rules.votersFor(world.options().members());
            config = config.withAutopilot(Rules.FORGETTING.with(Mode.ON).withVoters(voters));
        }
        long kept = world.options().logBytesKept();
        return config.withLimits(
                config.limits().withLogBytesKept(kept).withJournalBytesMin(Math.max(JOURNAL_BYTES_MIN, kept)));
    }

    private MeshConfig meshConfig(long incarnation) {
        List<String> seeds = new ArrayList<>();
        for (int other = 0; other < world.hosts(); other++) {
            if (other != number && world.joins(number, other) && world.listens(other)) {
                seeds.add(address(other));
            }
        }
        MeshConfig config = MeshConfig.of(CLUSTER, name(), incarnation).withSeeds(seeds);
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
