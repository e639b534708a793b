package io.metcd.simulator.lab;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.mesh.TopologyView;
import io.metcd.node.Replica;
import io.metcd.node.ReplicaStatus;
import io.metcd.simulator.cluster.ClusterOptions;
import io.metcd.simulator.cluster.Judges;
import io.metcd.simulator.lab.Layout.Kind;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.Path;
import io.metcd.simulator.world.Paths;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.simulator.world.TraceHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A layout that runs: real members and relays on a simulated network, with a client at each member.
 *
 * <p>How to drive it: {@link #found}, then faults and figures, {@link #finish} once at the end, which heals everything
 * and judges what holds in every row: all members equal in time, the history linearizable, memory within its bounds.
 */
final class Stage {
    static final String CLUSTER = "lab";
    static final long MILLI = 1_000_000L;
    static final long SECOND = 1_000 * MILLI;
    private static final long STEP = 10 * MILLI;
    private static final long SAMPLE = 100 * MILLI;
    private static final long FOUNDING = 30 * SECOND;
    /** Longer than a second link between two peers is kept before it is closed. */
    private static final long SETTLING = 5 * SECOND;

    private static final long EQUAL_MILLIS = 30_000;

    private final Layout layout;
    private final Figures figures;
    private final EventQueue queue = new EventQueue(new TraceHash());
    private final SimNetwork network;
    private final SimProcess outside = new SimProcess(queue, -3, "clients");
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final Map<List<String>, Judges> judges = new LinkedHashMap<>();
    private final List<Writer> writers = new ArrayList<>();
    private final Attempts attempts = new Attempts();
    private final Set<String> later = new TreeSet<>();
    private Pace pace = Pace.STEADY;
    private long sampledAt;
    private long queuedBytesMost;

    /**
     * How the clients go on.
     *
     * @param restNanos between an answer and the next request
     * @param valueBytes of each value that is put, and a little more
     */
    record Pace(long restNanos, int valueBytes) {
        static final Pace STEADY = new Pace(40 * MILLI, 0);
        static final Pace SLOW = new Pace(200 * MILLI, 0);
    }

    Stage(Layout layout, long seed, Figures figures) {
        this.layout = layout;
        this.figures = figures;
        RandomSource random = RandomSource.seeded(seed);
        List<String> names = layout.sites();
        Paths paths = new Paths(names.size(), layout.paths());
        for (int a = 0; a < names.size(); a++) {
            for (int b = 0; b < names.size(); b++) {
                if (a != b && !layout.dials(names.get(a), names.get(b))) {
                    paths.path(a, b).forbid();
                }
            }
        }
        this.network = new SimNetwork(queue, random.fork(), paths, SimNetwork.Limits.DEFAULT);
        ClusterOptions.Load load = new ClusterOptions.Load(0, 0, 0, 1, 0, 0, 0);
        for (String name : names) {
            Layout.Seat seat = layout.seat(name);
            boolean judged = seat.kind() != Kind.RELAY && seat.kind() != Kind.STRANGER;
            Optional<Judges> judge = judged
                    ? Optional.of(judges.computeIfAbsent(clusterOf(seat), each -> new Judges(random.fork(), load)))
                    : Optional.empty();
            sites.put(name, new Site(this, name, sites.size(), random.fork(), judge));
        }
    }

    /** By its founders; guests and newcomers join the cluster of the first ones. */
    private List<String> clusterOf(Layout.Seat of) {
        if (of.kind() == Kind.MEMBER) {
            return of.founders();
        }
        return layout.seats().values().stream()
                .filter(seat -> seat.kind() == Kind.MEMBER)
                .findFirst()
                .orElseThrow()
                .founders();
    }

    static String address(String site) {
        return site + ":2380";
    }

    Layout layout() {
        return layout;
    }

    EventQueue queue() {
        return queue;
    }

    SimNetwork network() {
        return network;
    }

    SimProcess outside() {
        return outside;
    }

    Attempts attempts() {
        return attempts;
    }

    Figures figures() {
        return figures;
    }

    /** To be said before the load begins. */
    Stage at(Pace newPace) {
        pace = newPace;
        return this;
    }

    /** A founder or relay that is not there from the beginning. */
    Stage later(String name) {
        later.add(name);
        return this;
    }

    Pace pace() {
        return pace;
    }

    /** Nanoseconds of virtual time. */
    long now() {
        return queue.now();
    }

    Site site(String name) {
        return Optional.ofNullable(sites.get(name)).orElseThrow();
    }

    List<Site> sites(String... names) {
        return Stream.of(names).map(this::site).toList();
    }

    /** All that live. */
    List<Site> living() {
        return sites.values().stream().filter(Site::up).toList();
    }

    /** The living that hold the state, or are to. */
    List<Site> members() {
        return living().stream()
                .filter(site -> site.life().replica().isPresent())
                .toList();
    }

    /** The member that leads, in the highest term if an old one does not know better yet. */
    Site leader() {
        return members().stream()
                .filter(Site::leads)
                .max(Comparator.comparingLong(site -> site.status().term()))
                .orElseThrow(() -> new Invariants.Violation("nobody leads: " + describe()));
    }

    /** A member that does not lead: the first of these. */
    Site follower(String... names) {
        Site leader = leader();
        return sites(names).stream().filter(site -> site != leader).findFirst().orElseThrow();
    }

    /** The highest term that anybody knows: it grows by one with each election. */
    long term() {
        return members().stream().mapToLong(site -> site.status().term()).max().orElse(0);
    }

    /** Starts founders and relays. */
    void open() {
        sites.values().stream()
                .filter(site -> site.kind() == Kind.MEMBER || site.kind() == Kind.RELAY)
                .filter(site -> !later.contains(site.name()))
                .forEach(Site::start);
    }

    /** Starts founders and relays, waits until all members serve, and begins the load. */
    void found() {
        open();
        until("a leader that every member knows", FOUNDING / MILLI, this::allServe);
        load();
        run(SETTLING);
    }

    boolean allServe() {
        return members().stream()
                .map(Site::status)
                .allMatch(status -> status.phase() == ReplicaStatus.Phase.RUNNING && status.hasLeader());
    }

    /** A client at each member. */
    void load() {
        members().forEach(this::load);
    }

    void load(Site site) {
        Writer writer = new Writer(this, site, judgesOf(site).history());
        writers.add(writer);
        writer.start();
    }

    Judges judgesOf(Site site) {
        return Optional.ofNullable(judges.get(clusterOf(layout.seat(site.name()))))
                .orElseThrow();
    }

    void run(long nanos) {
        long end = now() + nanos;
        while (now() < end) {
            queue.runUntil(Math.min(end, now() + STEP));
            sample();
        }
    }

    /** Runs until it is so; returns how many milliseconds that took. */
    long until(String what, long millisMax, BooleanSupplier reached) {
        long begin = now();
        while (!reached.getAsBoolean()) {
            Invariants.check(now() - begin < millisMax * MILLI, "no %s within %s ms: %s", what, millisMax, describe());
            run(STEP);
        }
        return (now() - begin) / MILLI;
    }

    /** How many milliseconds until each of these members has answered a write that began from now on. */
    long untilServed(long millisMax, Site... at) {
        long since = now();
        return until(
                "write answered at " + List.of(at).stream().map(Site::name).toList(),
                millisMax,
                () -> Stream.of(at)
                        .allMatch(site -> attempts.since(since, site.name())
                                .anyMatch(each -> each.write() && each.answered() && each.begun() >= since)));
    }

    Path path(String from, String to) {
        return network.paths().path(site(from).number(), site(to).number());
    }

    /** Nothing passes between the two until all is healed. */
    void cut(String a, String b) {
        path(a, b).cut();
        path(b, a).cut();
    }

    void heal(String a, String b) {
        path(a, b).heal();
        path(b, a).heal();
        network.healed();
    }

    /** Nothing passes between any of the ones and any of the others. */
    void split(List<String> ones, List<String> others) {
        ones.forEach(one -> others.forEach(other -> cut(one, other)));
    }

    void heal() {
        network.healAll();
    }

    /** What both directions between two sites do to each packet. */
    void conditions(String a, String b, Path.Conditions conditions) {
        path(a, b).set(conditions);
        path(b, a).set(conditions);
    }

    /** Whether every living member and relay reaches every other. */
    boolean allReachAll() {
        return living().stream().allMatch(one -> living().stream().allMatch(one::reaches));
    }

    /** Something that an operator must be able to read from the views of a member. */
    void diagnosis(boolean told, String what, Object seen) {
        Invariants.check(told, "not diagnosed: %s; seen: %s", what, seen);
    }

    /**
     * Heals everything, lets the clients end, and checks what holds in every row. Members that are down by now count
     * no more.
     */
    void finish() {
        heal();
        writers.forEach(Writer::cease);
        figures.atMost(
                "equal_ms",
                EQUAL_MILLIS,
                until("equal members", 2 * EQUAL_MILLIS, () -> writers.stream().allMatch(Writer::idle) && allEqual()));
        judges.values().forEach(Judges::judge);
        figures.say("answers", attempts.answeredSince(0));
        figures.say("queued_kib", queuedBytesMost >> 10);
        figures.say("hash", queue.trace());
    }

    /** Whether each cluster's living members have one and the same state. */
    boolean allEqual() {
        return judges.keySet().stream().allMatch(this::equal);
    }

    private boolean equal(List<String> founders) {
        List<Replica> replicas = members().stream()
                .filter(site -> judgesOf(site) == judges.get(founders))
                .map(Site::replica)
                .toList();
        return replicas.stream().allMatch(each -> {
            ReplicaStatus status = each.status();
            Replica first = replicas.get(0);
            return status.hasLeader()
                    && status.applied() == first.status().commit()
                    && each.root().stateHash() == first.root().stateHash();
        });
    }

    /** Memory is looked at now and then: what waits in a mesh stays within its budget, and its ring of events too. */
    private void sample() {
        if (now() - sampledAt < SAMPLE) {
            return;
        }
        sampledAt = now();
        for (Site site : living()) {
            TopologyView view = site.view();
            long queued = queuedBytes(view);
            queuedBytesMost = Math.max(queuedBytesMost, queued);
            Invariants.check(
                    queued <= layout.mesh().queues().meshBytes(), "%s holds %s bytes that wait", site.name(), queued);
            Invariants.check(
                    view.events().size() <= layout.mesh().sizes().eventsKept(),
                    "%s keeps too many events",
                    site.name());
        }
    }

    /** What waits in all meshes together, as {@code metcd links} says it. */
    long queuedBytes() {
        return living().stream().mapToLong(site -> queuedBytes(site.view())).sum();
    }

    private static long queuedBytes(TopologyView view) {
        return view.links().stream()
                .flatMap(link -> link.queuedBytes().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    /** All members and relays, as an operator's commands would show them. */
    String describe() {
        StringBuilder text = new StringBuilder();
        for (Site site : sites.values()) {
            text.append(site.name()).append(site.up() ? "" : " down");
            if (site.up()) {
                site.life()
                        .replica()
                        .map(Replica::status)
                        .ifPresent(status -> text.append(' ')
                                .append(status.phase())
                                .append(' ')
                                .append(status.role())
                                .append(" term=")
                                .append(status.term())
                                .append(" applied=")
                                .append(status.applied())
                                .append(' ')
                                .append(status.waitsFor()));
                TopologyView view = site.view();
                text.append(" links=")
                        .append(view.links().stream()
                                .map(link -> view.nameOf(link.peer()) + (link.up() ? "" : "?"))
                                .toList());
            }
            text.append("; ");
        }
        return text.toString();
    }
}
