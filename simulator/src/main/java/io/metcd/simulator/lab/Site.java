package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.journal.MemoryJournal;
import io.metcd.mesh.MeshConfig;
import io.metcd.mesh.MeshEvent;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.node.IdentityStore;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaConfig;
import io.metcd.node.ReplicaStatus;
import io.metcd.node.autopilot.Mode;
import io.metcd.node.autopilot.Rules;
import io.metcd.simulator.cluster.HostDisk;
import io.metcd.simulator.cluster.Judges;
import io.metcd.simulator.cluster.Life;
import io.metcd.simulator.lab.Layout.Kept;
import io.metcd.simulator.lab.Layout.Kind;
import io.metcd.simulator.lab.Layout.Seat;
import io.metcd.simulator.world.SimClock;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One host on the stage: the lives of its member or relay, what its disk keeps, and what its views say. */
final class Site {
    private static final long IDENTITIES_PER_SITE = 10_000;

    private final Stage stage;
    private final String name;
    private final Seat seat;
    private final int number;
    private final RandomSource random;
    private final Optional<Judges> judges;
    private Optional<HostDisk> disk;
    private final List<Heard> heard = new ArrayList<>();
    private Optional<Life> life = Optional.empty();
    private String address;
    private int lives;
    /** How many machines of newcomers have stood here. */
    private int arrivals;

    private long writeNanos;
    private long turnsWithoutLeader;

    /** An event of the mesh, and when it happened by nobody's clock. */
    record Heard(long atNanos, MeshEvent event) {}

    Site(Stage stage, String name, int number, RandomSource random, Optional<Judges> judges) {
        this.stage = stage;
        this.name = name;
        this.seat = stage.layout().seat(name);
        this.number = number;
        this.random = random;
        this.judges = judges;
        this.address = Stage.address(name);
        boolean keeps = seat.kind() == Kind.MEMBER && stage.layout().kept() == Kept.DISK;
        this.disk = keeps ? Optional.of(new HostDisk(random.fork(), Stage.CLUSTER)) : Optional.empty();
    }

    String name() {
        return name;
    }

    int number() {
        return number;
    }

    Kind kind() {
        return seat.kind();
    }

    boolean up() {
        return life.isPresent() && life.get().up();
    }

    Life life() {
        return life.orElseThrow();
    }

    Optional<HostDisk> disk() {
        return disk;
    }

    Replica replica() {
        return life().replica().orElseThrow();
    }

    /** Whom a client may ask here: nobody while the process is down or stands still. */
    Optional<Replica> serving() {
        return up() && !life().process().paused() ? life().replica() : Optional.empty();
    }

    ReplicaStatus status() {
        return replica().status();
    }

    TopologyView view() {
        return life().mesh().topology();
    }

    PeerId id() {
        return life().mesh().self();
    }

    boolean leads() {
        return up() && life().replica().isPresent() && status().isLeader();
    }

    boolean reaches(Site other) {
        return view().reachable(other.id());
    }

    /** What {@code metcd why} says here of another site. */
    String why(Site other) {
        return view().explain(other.id());
    }

    /** The names of those that a frame to the other site passes, the other last; empty when there is no way. */
    List<String> pathTo(Site other) {
        return view().peer(other.id())
                .map(peer -> peer.path().stream().map(view()::nameOf).toList())
                .orElse(List.of());
    }

    /** Whether the last events that {@code metcd why} shows name this kind, and the other site. */
    boolean tells(MeshEvent.Kind kind, Site other) {
        Optional<PeerId> peer = Optional.of(other.id());
        return view().events().stream()
                .anyMatch(event -> event.kind() == kind && event.peer().equals(peer));
    }

    boolean tells(MeshEvent.Kind kind) {
        return view().events().stream().anyMatch(event -> event.kind() == kind);
    }

    /** Events of a kind since a moment of virtual time. */
    List<Heard> heard(MeshEvent.Kind kind, long since) {
        return heard.stream()
                .filter(each -> each.atNanos >= since && each.event.kind() == kind)
                .toList();
    }

    /** How many turns its member has made without knowing a leader. */
    long turnsWithoutLeader() {
        return turnsWithoutLeader;
    }

    /** From now on each write to the disk takes so long. */
    void slowDisk(long nanos) {
        writeNanos = nanos;
    }

    /** Another address, for the next life. */
    void moveTo(String newAddress) {
        address = newAddress;
    }

    /** The process ends as by a signal that it cannot catch, or the machine is gone: then nobody is told. */
    void kill(SimNetwork.Death death) {
        stage.network().crash(life().process(), death);
        disk.ifPresent(each -> each.crash(death));
    }

    void pause() {
        life().process().pause();
    }

    void resume() {
        life().process().resume();
    }

    /** The peer URLs under which the next newcomer here is known. */
    List<String> nextUrls() {
        return urls(arrivals + 1);
    }

    private List<String> urls(int arrival) {
        return List.of("http://" + name + "." + arrival + ".mesh:2380");
    }

    /** Another machine in this place, with an empty disk and a key of its own. */
    void arrive() {
        arrivals++;
        disk = Optional.of(new HostDisk(random.fork(), Stage.CLUSTER));
        start();
    }

    /** Another life; a member that keeps a disk is the same member. */
    void start() {
        lives++;
        SimClock clock = new SimClock(stage.queue(), seat.skew());
        SimProcess process = new SimProcess(stage.queue(), number, name, clock);
        Optional<HostDisk.Opened> opened = disk.map(each -> open(each, process));
        long incarnation = opened.map(HostDisk.Opened::incarnation).orElse((long) lives);
        boolean forgets = opened.isEmpty() && seat.kind() != Kind.RELAY;
        long identity = stage.site(seat.keyOf()).number + 1 + IDENTITIES_PER_SITE * (forgets ? lives : arrivals);
        var around = new Life.Surroundings(stage.network(), () -> 0, this::turned);
        Life next = new Life(process, meshConfig(incarnation), identity, random.fork(), around);
        next.mesh().onEvent(event -> heard.add(new Heard(stage.now(), event)));
        life = Optional.of(next);
        if (seat.kind() == Kind.RELAY) {
            next.start(Optional.empty(), new MemoryJournal(), IdentityStore.NONE, random.fork());
            return;
        }
        ReplicaConfig config = replicaConfig(incarnation);
        if (opened.isPresent()) {
            next.start(
                    Optional.of(
                            arrivals == 0 ? config.durable() : config.joining().withUrls(List.of(), urls(arrivals))),
                    opened.get().journal(),
                    opened.get().papers(),
                    random.fork());
        } else {
            next.start(Optional.of(config), new MemoryJournal(), IdentityStore.NONE, random.fork());
        }
        judges.ifPresent(each -> each.desk(process, next.replica().orElseThrow()));
    }

    private HostDisk.Opened open(HostDisk from, SimProcess process) {
        try {
            return from.open(stage.queue(), process, () -> writeNanos);
        } catch (IOException refusal) {
            throw new UncheckedIOException("the directory of " + name + " is refused", refusal);
        }
    }

    private void turned(ReplicaStatus status) {
        turnsWithoutLeader += status.hasLeader() ? 0 : 1;
        Invariants.check(
                status.phase() != ReplicaStatus.Phase.FAILED || disk.isPresent(),
                "%s has stopped: %s",
                name,
                status.waitsFor());
    }

    private ReplicaConfig replicaConfig(long incarnation) {
        List<String> founders = seat.founders().isEmpty() ? List.of(seat.name()) : seat.founders();
        ReplicaConfig config = ReplicaConfig.ephemeral(Stage.CLUSTER, seat.name(), founders, incarnation);
        if (stage.layout().pilotedVoters() > 0) {
            config = config.withAutopilot(
                    Rules.FORGETTING.with(Mode.ON).withVoters(stage.layout().pilotedVoters()));
        }
        return seat.kind() == Kind.GUEST ? config.guest() : config;
    }

    private MeshConfig meshConfig(long incarnation) {
        List<String> seeds = new ArrayList<>();
        for (String other : stage.layout().sites()) {
            if (stage.layout().dials(name, other)) {
                seeds.add(Stage.address(other));
            }
        }
        MeshConfig config = MeshConfig.of(Stage.CLUSTER, seat.name(), incarnation)
                .withSeeds(seeds)
                .withProfile(stage.layout().mesh());
        if (stage.layout().listens(name)) {
            config = config.withListen(address, List.of(address));
        }
        return seat.relays() ? config : config.withoutRelaying();
    }
}
