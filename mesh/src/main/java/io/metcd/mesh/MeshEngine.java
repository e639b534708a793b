package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Invariants;
import io.metcd.base.Links;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.base.Signer;
import io.metcd.mesh.gossip.Gossip;
import io.metcd.mesh.gossip.OwnRecord;
import io.metcd.mesh.spread.Crdt;
import io.metcd.mesh.spread.Figures;
import io.metcd.mesh.spread.Spread;
import io.metcd.mesh.topology.Dialler;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.Outgoing;
import io.metcd.mesh.wire.RouteError;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The mesh above its doors. Single-threaded: every call is made on the scheduler's thread, but {@link #topology}, which
 * any thread may call. The same class runs on sockets and in simulation.
 *
 * <p>How to drive it: construct, open channels, {@link #start} once, {@link #stop} once. Everything else comes in as
 * events of {@link Links} and as tasks of {@link Scheduler}.
 *
 * <pre>
 *    channels, calls            facts          Spread, on a channel to the neighbours
 *          |                      |
 *   Conversations             OwnRecord        Dialler ---> Links.dial
 *          |                      |               ^
 *        Router <--- Atlas <--- Gossip -----------+  records
 *          |       routes, view   |
 *          +------ Neighbours ----+
 *          |           |   queues, heartbeats, deadlines
 *      Reception <-- Links
 * </pre>
 */
public final class MeshEngine implements Mesh, Everyone {
    private static final int TICKS_PER_HEARTBEAT = 2;
    private static final int HEARTBEATS_PER_SWEEP = 5;
    private static final long FIRST_NUMBER_MAX = 1L << 31;
    private static final long VERIFY_PAUSE_NANOS = 1_000_000L;

    private final MeshConfig config;
    private final Profile profile;
    private final PeerId self;
    private final Doors doors;
    private final Clock clock;
    private final Counts counts = new Counts();
    private final EventRing events;
    private final OwnRecord own;
    private final Gossip gossip;
    private final Dialler dialler;
    private final Neighbours neighbours;
    private final Directory directory;
    private final Router router;
    private final Conversations conversations;
    private final Atlas atlas;
    private final Reception reception;
    private final Spread spread;
    private final Coalesced publishing;
    private final Coalesced flooding;
    private final Coalesced charting;
    private final Coalesced verifying;
    private long tickDueNanos;
    private long floodedNanos;
    private long ticks;
    private boolean running;

    public MeshEngine(
            MeshConfig config, Clock clock, Scheduler scheduler, RandomSource random, Links links, Signer signer) {
        this.config = config;
        this.profile = config.profile();
        this.self = PeerId.of(signer.publicKey());
        this.doors = new Doors(clock, scheduler, random, links, signer);
        this.clock = clock;
        this.events = new EventRing(profile.sizes().eventsKept(), clock);
        this.own = new OwnRecord(config, signer, clock.nanos());
        ByteBudget budget = new ByteBudget(profile.queues().meshBytes());
        this.gossip = new Gossip(self, profile, signer, this::offerControl, new GossipEvents());
        this.dialler = new Dialler(self, !config.advertised().isEmpty(), profile, random.fork());
        this.neighbours = new Neighbours(self, profile, doors, budget, new NeighbourEvents());
        this.directory = new Directory(gossip.database(), own);
        var pieces = new Router.Pieces(self, clock, counts, directory, random.between(1, FIRST_NUMBER_MAX));
        this.router = new Router(config, neighbours, pieces, new Upwards());
        this.conversations =
                new Conversations(profile.sizes(), doors, counts, random.between(1, FIRST_NUMBER_MAX), router::send);
        this.atlas = new Atlas(self, profile, clock);
        this.reception = new Reception(config, doors, sources());
        this.publishing = new Coalesced(clock, scheduler, this::publishIfDue);
        this.flooding = new Coalesced(clock, scheduler, this::flood);
        this.charting = new Coalesced(clock, scheduler, this::chart);
        this.verifying = new Coalesced(clock, scheduler, this::verify);
        this.spread = new Spread(
                profile, new Spread.Doors(clock, scheduler, random.fork(), signer), new SpreadSurroundings());
        receive();
        config.seeds().forEach(dialler::addSeed);
        gossip.publish(own.say(clock.nanos()), clock.nanos());
        chart();
    }

    /** Who takes which frames. */
    private void receive() {
        reception.on(FrameType.HEARTBEAT, this::heartbeat);
        for (FrameType type : List.of(FrameType.DATAGRAM, FrameType.ROUTE_ERROR)) {
            reception.on(type, (from, frame) -> router.receive(type, from, frame));
        }
        for (FrameType type : List.of(FrameType.RECORDS, FrameType.BUCKETS, FrameType.VERSIONS, FrameType.WANT)) {
            reception.on(type, (from, frame) -> gossip.receive(type, from.link, frame, clock.nanos()));
        }
    }

    /** Seals what crosses relays, and refuses what comes over them unsealed; before {@link #start}, at every peer. */
    public void sealWith(KeyAgreement agreement) {
        Invariants.check(!running, "sealing begins before the start");
        var keeping = new Sealing.Keeping(
                profile.overlay().peersMax(), peer -> directory.end(peer).isPresent());
        router.seal(new Sealing(config.cluster(), self, keeping, agreement));
    }

    /** Starts the links and the dialling. */
    public void start() {
        running = true;
        doors.links().start(reception);
        tickDueNanos = clock.nanos();
        spread.start();
        tick();
    }

    @Override
    public PeerId self() {
        return self;
    }

    @Override
    public Channel channel(String name) {
        return conversations.channel(name);
    }

    @Override
    public Broadcast broadcast(String topic) {
        return spread.broadcast(topic);
    }

    @Override
    public <S> SharedState<S> state(String name, Crdt<S> type) {
        return spread.state(name, type);
    }

    /** What telling everybody has come to; on the scheduler's thread. */
    public Figures spreadFigures() {
        return spread.figures();
    }

    /** May be called from any thread; the counts in it are up to a second old. */
    @Override
    public TopologyView topology() {
        return atlas.view();
    }

    /** Facts that make the record too long for others are refused with {@link IllegalArgumentException}. */
    @Override
    public void publish(PeerFacts facts) {
        own.setFacts(facts);
        charting.within(atlas.chartDelayNanos());
        publishing.soon();
    }

    @Override
    public void onTopology(Consumer<TopologyView> listener) {
        atlas.listen(listener);
    }

    /** Of all records held, as they travel; on the mesh's own thread. */
    public long recordBytes() {
        return gossip.database().bytes();
    }

    /** Adds a listener for single events, for logs. */
    public void onEvent(Consumer<MeshEvent> listener) {
        events.listen(listener);
    }

    @Override
    public void dial(String address) {
        dialler.addSeed(address);
        planDials();
    }

    @Override
    public void seeds(String source, Collection<String> addresses) {
        dialler.seeds(source, addresses);
        planDials();
    }

    @Override
    public void stop() {
        if (!running) {
            return;
        }
        own.leave();
        gossip.publish(own.say(clock.nanos()), clock.nanos());
        gossip.flush();
        neighbours.flushTouched();
        running = false;
        spread.stop();
        reception.stop();
        conversations.stop();
        doors.links().stop();
    }

    private void tick() {
        if (!running) {
            return;
        }
        long now = clock.nanos();
        long late = now - tickDueNanos;
        long stall = late > profile.timing().ownStallNanos() ? late : 0;
        if (stall > 0) {
            counts.ownStalls++;
            events.add(MeshEvent.Kind.OWN_STALL, "this process stood still for " + stall / 1_000_000 + " ms");
        }
        neighbours.tick(stall);
        router.tick();
        conversations.expire();
        if (ticks++ % (TICKS_PER_HEARTBEAT * HEARTBEATS_PER_SWEEP) == 0) {
            sweep();
        }
        planDials();
        publishing.soon();
        long interval = profile.timing().heartbeatNanos() / TICKS_PER_HEARTBEAT;
        tickDueNanos = now + interval;
        doors.scheduler().schedule(interval, this::tick);
    }

    /** What can wait a second. */
    private void sweep() {
        if (own.unclaimedIsNews()) {
            events.add(
                    MeshEvent.Kind.LINKS_UNCLAIMED,
                    self,
                    own.unclaimed() + " links find no room in this peer's record and carry nothing for others");
        }
        gossip.sweep(atlas.reachable(), clock.nanos());
        atlas.prune(neighbours, gossip.database())
                .forEach(link -> neighbours.close(link, "this peer has more links than it wants"));
        atlas.refresh(sources());
    }

    private void publishIfDue() {
        long now = clock.nanos();
        if (!running || !own.due(now)) {
            return;
        }
        long wait = own.waitNanos(atlas.reachable().size(), now);
        if (wait > 0) {
            publishing.within(wait);
        } else {
            gossip.publish(own.say(now), now);
        }
    }

    private void flood() {
        floodedNanos = clock.nanos();
        if (running && !gossip.flush()) {
            flooding.within(profile.timing().coalesceNanos());
        }
    }

    /** A few signatures, then a pause in which frames are read: heartbeats must not wait for a thousand of them. */
    private void verify() {
        if (running && !gossip.verifySome(profile.pacing().verifyPerTurn(), clock.nanos())) {
            verifying.within(VERIFY_PAUSE_NANOS);
        }
    }

    private void chart() {
        List<PeerId> appeared = atlas.chart(own.current(), sources());
        router.use(atlas.routes());
        spread.charted(atlas.routes().graph());
        for (PeerId peer : appeared) {
            dialler.hint(peer, clock.nanos());
        }
        if (atlas.anyVanished()) {
            conversations.failCallsTo(atlas::hasVanished);
        }
        atlas.announce();
    }

    private Atlas.Sources sources() {
        return new Atlas.Sources(
                gossip, neighbours, dialler, events, counts, router::reassemblyDropped, this::spreadFigures);
    }

    private void planDials() {
        if (!running) {
            return;
        }
        for (Dialler.Dial dial : dialler.plan(atlas.neighbourhood(neighbours, own.current()), clock.nanos())) {
            doors.links().dial(dial.address(), dial.attempt());
        }
    }

    private boolean offerControl(long link, Bytes frame) {
        Neighbour neighbour = neighbours.get(link);
        return neighbour == null
                || (neighbour.queues.controlHasRoom(frame.size())
                        && neighbours.send(neighbour, Outgoing.frame(Priority.CONTROL, frame)));
    }

    private void heartbeat(Neighbour from, Bytes frame) {
        Heartbeat heartbeat = Heartbeat.decode(frame);
        neighbours.heartbeat(from, heartbeat);
        gossip.digest(from.link, heartbeat.digest(), clock.nanos());
    }

    /** What the links tell. */
    private final class NeighbourEvents implements Neighbours.Listener {
        @Override
        public void claimsChanged(Neighbour neighbour) {
            boolean before = own.current().links().find(neighbour.shortId) >= 0;
            own.setLinks(neighbours.claims());
            if (!before) {
                events.add(MeshEvent.Kind.LINK_UP, neighbour.peer, address(neighbour));
            }
            charting.within(atlas.chartDelayNanos());
            publishing.soon();
        }

        @Override
        public void lost(Neighbour neighbour, String reason, List<Outgoing> unsent) {
            events.add(MeshEvent.Kind.LINK_DOWN, neighbour.peer, reason);
            gossip.linkClosed(neighbour.link);
            long life = clock.nanos() - neighbour.openedNanos;
            dialler.lost(neighbour.dialledAddress, reason, life, clock.nanos());
            own.setLinks(neighbours.claims());
            publishing.soon();
            chart();
            router.resend(unsent);
        }

        @Override
        public void livesTwice(Neighbour neighbour, long otherIncarnation) {
            events.add(
                    MeshEvent.Kind.IDENTITY_CONFLICT,
                    neighbour.peer,
                    "a process of incarnation " + neighbour.incarnation + " came from " + neighbour.observedAddress
                            + " while one of incarnation " + otherIncarnation + " is linked");
        }

        @Override
        public boolean reachable(PeerId peer) {
            return atlas.reachable().contains(peer);
        }

        @Override
        public long digest() {
            return gossip.database().digests().whole();
        }

        private String address(Neighbour neighbour) {
            return neighbour.dialled()
                    ? "dialled " + neighbour.dialledAddress
                    : "accepted from " + neighbour.observedAddress;
        }
    }

    /** What gossip tells. */
    private final class GossipEvents implements Gossip.Listener {
        @Override
        public void changed(PeerRecord record, Optional<PeerRecord> before) {
            atlas.trustAgain(record.id());
            if (config.discovers()) {
                dialler.learn(record, clock.nanos());
            }
            charting.within(atlas.chartDelayNanos());
        }

        @Override
        public void ghost(PeerRecord ghost) {
            own.outrank(ghost);
            events.add(
                    MeshEvent.Kind.GHOST_OUTRANKED,
                    self,
                    "a record of incarnation " + ghost.incarnation() + ", sequence " + ghost.sequence()
                            + " was not made by this life");
            publishing.soon();
        }

        @Override
        public void forgotten(PeerRecord record) {
            dialler.forget(record.id());
            events.add(
                    MeshEvent.Kind.PEER_FORGOTTEN, record.id(), record.facts().name());
            charting.within(atlas.chartDelayNanos());
        }

        @Override
        public void owing() {
            flooding.within(floodedNanos + profile.timing().coalesceNanos() - clock.nanos());
        }

        @Override
        public void unverified() {
            verifying.soon();
        }

        @Override
        public void forged(long link, String what) {
            Neighbour neighbour = neighbours.get(link);
            if (neighbour != null) {
                reception.malformed(neighbour, what);
            }
        }
    }

    /** What is told to everybody needs this of the mesh. */
    private final class SpreadSurroundings implements Spread.Surroundings {
        @Override
        public Channel channel() {
            return conversations.channel("mesh/spread");
        }

        @Override
        public Optional<Long> incarnation(PeerId owner) {
            return owner.equals(self)
                    ? Optional.of(own.current().incarnation())
                    : gossip.database().get(owner).map(signed -> signed.record().incarnation());
        }
    }

    /** What the router needs. */
    private final class Upwards implements Router.Upwards {
        @Override
        public void deliver(PeerId from, Priority priority, Bytes datagram) {
            conversations.deliver(from, priority, datagram);
        }

        @Override
        public void routeBroken(RouteError error) {
            Optional<PeerId> reporter = directory.find(error.reporter());
            Optional<PeerId> lost = directory.find(error.lost());
            if (reporter.isPresent() && lost.isPresent() && atlas.distrust(reporter.get(), lost.get())) {
                events.add(
                        MeshEvent.Kind.ROUTE_BROKEN,
                        reporter.get(),
                        "no longer linked to " + lost.get().brief());
                charting.within(profile.timing().routeDelayNanos());
            }
        }
    }
}
