package io.metcd.mesh;

import io.metcd.base.Clock;
import io.metcd.base.Invariants;
import io.metcd.mesh.TopologyView.NameConflict;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.mesh.gossip.Gossip;
import io.metcd.mesh.gossip.LinkStateDatabase;
import io.metcd.mesh.spread.Figures;
import io.metcd.mesh.topology.Dialler;
import io.metcd.mesh.topology.Graph;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.topology.Routes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The mesh as this peer sees it now: graph, routes, who is reachable, and the view that others may keep. */
final class Atlas {
    private final PeerId self;
    private final Profile profile;
    private final Clock clock;
    private final Map<Broken, Long> distrustedUntil = new LinkedHashMap<>();
    private final List<Consumer<TopologyView>> listeners = new ArrayList<>();
    private SortedSet<PeerId> reachable = new TreeSet<>();
    private SortedSet<PeerId> vanished = new TreeSet<>();
    private SortedMap<PeerId, PeerView> peers = new TreeMap<>();
    private @Nullable Routes routes;
    /** Written by the mesh's thread alone, read by any. */
    private volatile @Nullable TopologyView view;

    private List<NameConflict> conflicts = List.of();
    private boolean news;
    private long chartedNanos;

    /** A link reported broken by the peer at its one end. */
    private record Broken(long reporter, long lost) {}

    /** Where the picture comes from. */
    record Sources(
            Gossip gossip,
            Neighbours neighbours,
            Dialler dialler,
            EventRing events,
            Counts counts,
            LongSupplier reassemblyDropped,
            Supplier<Figures> items) {}

    Atlas(PeerId self, Profile profile, Clock clock) {
        this.self = self;
        this.profile = profile;
        this.clock = clock;
    }

    void listen(Consumer<TopologyView> listener) {
        listeners.add(listener);
    }

    /** Computes graph, routes and view anew; returns who has become reachable. */
    List<PeerId> chart(PeerRecord own, Sources sources) {
        chartedNanos = clock.nanos();
        List<PeerRecord> records = sources.gossip().database().records();
        records.replaceAll(record -> record.id().equals(self) ? own : record);
        trustAfterAWhile();
        Routes computed = new Routes(
                Graph.of(records, this::excludes), self, profile.sizes().hopBudget());
        routes = computed;
        SortedMap<PeerId, PeerView> now =
                Views.peers(self, records, computed, peer -> linkRtt(sources.neighbours(), peer));
        SortedSet<PeerId> nowReachable = new TreeSet<>();
        now.values().stream().filter(PeerView::reachable).forEach(peer -> nowReachable.add(peer.id()));
        List<PeerId> appeared = new ArrayList<>(nowReachable);
        appeared.removeAll(reachable);
        vanished = new TreeSet<>(reachable);
        vanished.removeAll(nowReachable);
        report(appeared, now, sources.events());
        news |= changed(peers, now);
        peers = now;
        reachable = nowReachable;
        findConflicts(sources.events());
        refresh(sources);
        return appeared;
    }

    /**
     * How long from a change to the next chart: at once but for what changes with it, and the further apart the larger
     * the mesh, or the start of hundreds would be spent with charts.
     */
    long chartDelayNanos() {
        long gap = peers.size() * profile.pacing().chartPerPeerNanos();
        return Math.max(profile.timing().routeDelayNanos(), chartedNanos + gap - clock.nanos());
    }

    /** Makes a new view with fresh counts of the same routes. */
    void refresh(Sources sources) {
        Routes current = routes();
        view = new TopologyView(
                self,
                peers,
                Views.links(sources.neighbours().all(), profile, clock.nanos()),
                Views.edges(current.graph()),
                conflicts,
                Views.dials(sources.dialler().standings(), sources.neighbours()),
                sources.gossip().database().digests().whole(),
                sources.counts()
                        .view(
                                sources.gossip().refused(),
                                sources.reassemblyDropped().getAsLong(),
                                sources.items().get()),
                sources.events().list());
    }

    /** Tells the listeners, if the last chart differs from what they were told. */
    void announce() {
        if (news) {
            news = false;
            TopologyView current = view();
            listeners.forEach(listener -> listener.accept(current));
        }
    }

    Routes routes() {
        Routes current = routes;
        if (current == null) {
            throw new Invariants.Violation("no routes before the first chart");
        }
        return current;
    }

    TopologyView view() {
        TopologyView current = view;
        if (current == null) {
            throw new Invariants.Violation("no view before the first chart");
        }
        return current;
    }

    SortedSet<PeerId> reachable() {
        return reachable;
    }

    /** Whether the last chart lost anybody. */
    boolean anyVanished() {
        return !vanished.isEmpty();
    }

    /** Whether the last chart lost the peer. */
    boolean hasVanished(PeerId peer) {
        return vanished.contains(peer);
    }

    /**
     * Avoids a link that a relay has reported, for a while and at most until the relay's next record. False when it is
     * avoided already, or the relay has reported too many.
     */
    boolean distrust(PeerId reporter, PeerId lost) {
        Broken broken = new Broken(reporter.shortId(), lost.shortId());
        trustAfterAWhile();
        long reported = distrustedUntil.keySet().stream()
                .filter(other -> other.reporter == broken.reporter)
                .count();
        return reported < profile.pacing().routeErrorsPerTick()
                && distrustedUntil.putIfAbsent(
                                broken, clock.nanos() + profile.pacing().distrustNanos())
                        == null;
    }

    private void trustAfterAWhile() {
        distrustedUntil.values().removeIf(until -> clock.nanos() - until >= 0);
    }

    /** A new record of the peer says itself which links it has. */
    void trustAgain(PeerId reporter) {
        distrustedUntil.keySet().removeIf(broken -> broken.reporter == reporter.shortId());
    }

    /**
     * In a large mesh, accepted links too many whose other ends have enough of them, a quarter of the excess at a time:
     * those whose other ends have most go first. Never one between two voters, which they would dial again at once.
     */
    List<Long> prune(Neighbours neighbours, LinkStateDatabase database) {
        Profile.Overlay overlay = profile.overlay();
        int excess = neighbours.peers() - overlay.inboundMax();
        if (reachable.size() <= overlay.fullMeshMax() || excess <= 0) {
            return List.of();
        }
        boolean voter = votes(database, self);
        List<Spare> spare = new ArrayList<>();
        for (Neighbour neighbour : neighbours.all()) {
            int degree = database.get(neighbour.peer)
                    .map(signed -> signed.record().links().size())
                    .orElse(0);
            boolean kept = neighbour.dialled() || (voter && votes(database, neighbour.peer));
            if (!kept && degree > overlay.degree()) {
                spare.add(new Spare(neighbour.link, degree));
            }
        }
        spare.sort(Comparator.comparingInt(Spare::degree).reversed());
        return spare.stream().limit((excess + 3) / 4).map(Spare::link).toList();
    }

    /** A link that its other end can do without. */
    private record Spare(long link, int degree) {}

    private static boolean votes(LinkStateDatabase database, PeerId peer) {
        return database.get(peer).map(signed -> signed.record().facts().votes()).orElse(false);
    }

    Dialler.Neighbourhood neighbourhood(Neighbours neighbours, PeerRecord own) {
        return new Dialler.Neighbourhood() {
            @Override
            public boolean linked(PeerId peer) {
                return neighbours.linked(peer.shortId());
            }

            @Override
            public boolean reachable(PeerId peer) {
                return reachable.contains(peer);
            }

            @Override
            public int links() {
                return neighbours.peers();
            }

            @Override
            public int peers() {
                return reachable.size();
            }

            @Override
            public boolean voter() {
                return own.facts().votes();
            }
        };
    }

    private boolean excludes(long a, long b) {
        return !distrustedUntil.isEmpty()
                && (distrustedUntil.containsKey(new Broken(a, b)) || distrustedUntil.containsKey(new Broken(b, a)));
    }

    private static long linkRtt(Neighbours neighbours, PeerId peer) {
        Neighbour neighbour = neighbours.best(peer.shortId());
        return neighbour == null ? 0 : neighbour.quality.rttNanos();
    }

    private void report(List<PeerId> appeared, SortedMap<PeerId, PeerView> now, EventRing events) {
        for (PeerId peer : appeared) {
            PeerView seen = now.get(peer);
            if (seen != null && !peer.equals(self)) {
                events.add(MeshEvent.Kind.PEER_REACHABLE, peer, seen.facts().name());
            }
        }
        for (PeerId peer : vanished) {
            PeerView seen = peers.get(peer);
            events.add(
                    MeshEvent.Kind.PEER_UNREACHABLE,
                    peer,
                    seen == null ? "" : seen.facts().name());
        }
    }

    private void findConflicts(EventRing events) {
        List<NameConflict> now = Views.conflicts(peers);
        for (NameConflict conflict : now) {
            if (!conflicts.contains(conflict)) {
                events.add(
                        MeshEvent.Kind.NAME_CONFLICT,
                        conflict.claimants().get(0),
                        "the name " + conflict.name() + " is claimed by "
                                + conflict.claimants().stream()
                                        .map(PeerId::brief)
                                        .collect(Collectors.joining(" and ")));
            }
        }
        conflicts = now;
    }

    /** Whether listeners should hear of it: anything but round-trip times. */
    private static boolean changed(SortedMap<PeerId, PeerView> before, SortedMap<PeerId, PeerView> now) {
        if (before.size() != now.size()) {
            return true;
        }
        for (PeerView peer : now.values()) {
            PeerView old = before.get(peer.id());
            if (old == null
                    || old.incarnation() != peer.incarnation()
                    || old.reachable() != peer.reachable()
                    || !old.path().equals(peer.path())
                    || !old.facts().equals(peer.facts())
                    || !old.addresses().equals(peer.addresses())) {
                return true;
            }
        }
        return false;
    }
}
