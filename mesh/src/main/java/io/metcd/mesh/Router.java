package io.metcd.mesh;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.mesh.topology.Routes;
import io.metcd.mesh.wire.Datagram;
import io.metcd.mesh.wire.Frame;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Outgoing;
import io.metcd.mesh.wire.Reassembly;
import io.metcd.mesh.wire.RouteError;
import io.metcd.mesh.wire.SourceRoute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where frames go: this peer's datagrams onto their way, frames of others to the next peer of their route, and what is
 * meant for this peer up to its channels.
 *
 * <p>A frame whose next link is gone is repaired once, by the first relay that knows another way past everybody the
 * frame has visited; else its source is told, and computes its routes anew without the broken link.
 */
final class Router {
    /** Of CONSENSUS waiting for a link: with more, it carries no second copies. */
    private static final int BUSY_BYTES = 64 << 10;

    private final PeerId self;
    private final long selfShort;
    private final MeshConfig config;
    private final Clock clock;
    private final Neighbours neighbours;
    private final Reassembly reassembly;
    private final Directory directory;
    private final Upwards upwards;
    private final Counts counts;
    private final Map<PeerId, Way> ways = new LinkedHashMap<>();
    /** Second ways, found when they are first asked for. */
    private final Map<PeerId, Optional<Way>> alternates = new LinkedHashMap<>();

    private @Nullable Routes routes;
    private @Nullable Sealing sealing;
    private long lastFragmentId;
    private int errorsThisTick;

    /** Where what the router finds out goes. */
    interface Upwards {
        /** A whole datagram for this peer; {@link Malformed} when it makes no sense. */
        void deliver(PeerId from, Priority priority, Bytes datagram);

        void routeBroken(RouteError error);
    }

    /** {@code firstFragmentId} differs from one life of a peer to the next. */
    Router(MeshConfig config, Neighbours neighbours, Pieces pieces, Upwards upwards) {
        this.config = config;
        this.neighbours = neighbours;
        this.self = pieces.self();
        this.selfShort = self.shortId();
        this.clock = pieces.clock();
        this.counts = pieces.counts();
        this.reassembly = new Reassembly(config.profile().sizes());
        this.directory = pieces.directory();
        this.lastFragmentId = pieces.firstFragmentId();
        this.upwards = upwards;
    }

    /** What the engine's parts share. */
    record Pieces(PeerId self, Clock clock, Counts counts, Directory directory, long firstFragmentId) {}

    /** From now on what crosses a relay is sealed, and must be. */
    void seal(Sealing newSealing) {
        sealing = newSealing;
    }

    /** Takes newly computed routes. */
    void use(Routes newRoutes) {
        routes = newRoutes;
        ways.clear();
        alternates.clear();
        for (PeerId peer : newRoutes.graph().ids()) {
            List<PeerId> path = newRoutes.path(peer);
            if (!path.isEmpty()) {
                ways.put(peer, Way.of(self, path));
            }
        }
    }

    Optional<Way> way(PeerId peer) {
        return Optional.ofNullable(ways.get(peer));
    }

    /** Sends a datagram of this peer to another. */
    SendOutcome send(Datagram datagram, boolean awaited) {
        return send(datagram, awaited, Optional.empty());
    }

    /** {@code sealedBefore}: what was sealed for a link that is gone; its destination takes it once, however often sent. */
    private SendOutcome send(Datagram datagram, boolean awaited, Optional<Bytes> sealedBefore) {
        if (datagram.body().size() > config.profile().sizes().datagramMax()) {
            return SendOutcome.TOO_LARGE;
        }
        PeerId to = datagram.destination();
        Way way = ways.get(to);
        Neighbour neighbour = neighbours.best(way == null ? to.shortId() : way.next());
        if (neighbour == null) {
            return directory.find(to.shortId()).isPresent() ? SendOutcome.NO_ROUTE : SendOutcome.PEER_GONE;
        }
        Bytes route = way == null ? Bytes.EMPTY : way.encoded();
        Optional<Outgoing> outgoing = outgoing(datagram, route, sealedBefore);
        if (outgoing.isEmpty()) {
            return SendOutcome.NO_ROUTE;
        }
        boolean queued =
                awaited ? neighbours.sendAnswer(neighbour, outgoing.get()) : neighbours.send(neighbour, outgoing.get());
        if (queued) {
            counts.datagramsSent++;
            sendTwice(datagram, outgoing.get());
        }
        return queued ? SendOutcome.SENT : SendOutcome.WOULD_BLOCK;
    }

    /** Empty when it should be sealed and the destination's key does not allow it. */
    private Optional<Outgoing> outgoing(Datagram datagram, Bytes route, Optional<Bytes> sealedBefore) {
        long fragmentId = ++lastFragmentId;
        if (sealedBefore.isEmpty() && (sealing == null || route.isEmpty())) {
            return Optional.of(Outgoing.datagram(datagram, route, fragmentId));
        }
        return sealedBefore
                .or(() -> sealed(
                        datagram.destination(),
                        datagram.priority(),
                        datagram.head().concat(datagram.body())))
                .map(content -> Outgoing.sealed(datagram, route, fragmentId, content));
    }

    private Optional<Bytes> sealed(PeerId to, Priority priority, Bytes text) {
        Sealing sealer = sealing;
        return sealer == null
                ? Optional.empty()
                : directory.end(to).flatMap(end -> sealer.seal(end, directory.ownIncarnation(), priority, text));
    }

    /**
     * What consensus says over relays in few words goes over a second way, too, if that is not busy: so the silent death
     * of a relay costs no heartbeat. The destination takes whichever comes first.
     */
    private void sendTwice(Datagram datagram, Outgoing first) {
        Optional<Bytes> content = first.sealedContent();
        if (datagram.priority() != Priority.CONSENSUS
                || content.isEmpty()
                || content.get().size() > config.profile().sizes().chunkBytes()) {
            return;
        }
        Optional<Way> other = alternates.computeIfAbsent(datagram.destination(), this::alternate);
        if (other.isPresent()) {
            Neighbour next = neighbours.best(other.get().next());
            if (next != null && next.queues.queuedBytes(Priority.CONSENSUS) <= BUSY_BYTES) {
                neighbours.send(next, first.copyOver(other.get().encoded()));
            }
        }
    }

    private Optional<Way> alternate(PeerId to) {
        Routes known = routes;
        List<PeerId> path = known == null ? List.of() : known.alternate(to);
        return path.isEmpty() ? Optional.empty() : Optional.of(Way.of(self, path));
    }

    /** Takes a DATAGRAM or ROUTE_ERROR frame. */
    void receive(FrameType type, Neighbour from, Bytes encoded) {
        Frame frame = Frame.read(type, encoded, config.profile().sizes());
        neighbours.came(from, encoded);
        if (frame.route().isEmpty()) {
            arrived(frame, from, from.peer);
            return;
        }
        SourceRoute route = frame.route().get();
        int position = route.destination() == selfShort ? route.relays() : route.position(selfShort);
        if (position < 0 || route.before(position) != from.shortId) {
            throw new Malformed("a frame whose route does not lead here");
        }
        if (route.destination() == selfShort) {
            arrivedByRelay(frame, from);
        } else {
            relay(frame, encoded, from.link);
        }
    }

    /** A link is gone: what had not left over it finds another way, or is given up. */
    void resend(List<Outgoing> unsent) {
        for (Outgoing outgoing : unsent) {
            if (outgoing.datagram().isPresent()) {
                if (outgoing.begun()) {
                    counts.datagramsLost++;
                } else {
                    send(outgoing.datagram().get(), outgoing.awaited(), outgoing.sealedContent());
                }
            } else {
                outgoing.finishedFrame().ifPresent(frame -> relayAgain(frame, outgoing.cameOver()));
            }
        }
    }

    void tick() {
        errorsThisTick = 0;
        reassembly.expire(clock.nanos());
    }

    long reassemblyDropped() {
        return reassembly.dropped();
    }

    private void arrived(Frame frame, Neighbour from, PeerId source) {
        if (frame.type() == FrameType.ROUTE_ERROR) {
            opened(frame, source, frame.body()).ifPresent(body -> routeBroken(RouteError.decode(body), source));
            return;
        }
        Optional<Bytes> whole = frame.fragment().isEmpty()
                ? Optional.of(frame.body())
                : reassembly.add(from.queues.share(), source.shortId(), frame, clock.nanos());
        Optional<Bytes> text = whole.flatMap(datagram -> opened(frame, source, datagram));
        if (text.isPresent()) {
            counts.datagramsReceived++;
            upwards.deliver(source, frame.priority(), text.get());
        }
    }

    /** Each peer speaks of its own links alone, or one could cut off any other. */
    private void routeBroken(RouteError error, PeerId source) {
        if (error.reporter() == source.shortId()) {
            upwards.routeBroken(error);
        } else {
            counts.framesForged++;
        }
    }

    /** What came over relays must be sealed if this peer seals, or a relay could have made it up. */
    private Optional<Bytes> opened(Frame frame, PeerId source, Bytes datagram) {
        Sealing sealer = sealing;
        if (!frame.sealed() && (sealer == null || frame.route().isEmpty())) {
            return Optional.of(datagram);
        }
        Sealing.Opening opening = !frame.sealed() || sealer == null
                ? new Sealing.Opening.Forged()
                : directory
                        .end(source)
                        .map(from -> sealer.open(from, frame.priority(), datagram))
                        .orElseGet(Sealing.Opening.Forged::new);
        if (opening instanceof Sealing.Opening.Text text) {
            return Optional.of(text.text());
        }
        if (opening instanceof Sealing.Opening.Repeated) {
            counts.framesDuplicate++;
        } else {
            counts.framesForged++;
        }
        return Optional.empty();
    }

    /** What a relay brought may be malformed by its source, which the link it came over is not to blame for. */
    private void arrivedByRelay(Frame frame, Neighbour from) {
        Optional<PeerId> source = directory.find(frame.route().orElseThrow().source());
        if (source.isEmpty()) {
            counts.framesUnroutable++;
            return;
        }
        try {
            arrived(frame, from, source.get());
        } catch (Malformed e) {
            counts.malformedFrames++;
        }
    }

    private void relay(Frame frame, Bytes encoded, long cameOver) {
        SourceRoute route = frame.route().orElseThrow();
        int position = route.position(selfShort);
        Neighbour next = neighbours.best(route.after(position));
        if (next != null && config.relayWilling()) {
            if (neighbours.send(next, Outgoing.relayed(classOf(frame), encoded, cameOver))) {
                counts.framesRelayed++;
            }
        } else if (!config.relayWilling() || !repair(frame, cameOver)) {
            reportBroken(frame, route.after(position));
        }
    }

    /** Nothing that others send waits in the class that keeps this peer's links alive. */
    private static Priority classOf(Frame relayed) {
        return relayed.priority() == Priority.CONTROL ? Priority.CONSENSUS : relayed.priority();
    }

    private boolean repair(Frame frame, long cameOver) {
        SourceRoute route = frame.route().orElseThrow();
        Optional<PeerId> destination = directory.find(route.destination());
        Routes known = routes;
        if (frame.repaired() || destination.isEmpty() || known == null) {
            return false;
        }
        return repairOver(known.path(destination.get()), frame, cameOver)
                || repairOver(known.alternate(destination.get()), frame, cameOver);
    }

    private boolean repairOver(List<PeerId> path, Frame frame, long cameOver) {
        SourceRoute route = frame.route().orElseThrow();
        int position = route.position(selfShort);
        if (path.isEmpty() || position + path.size() >= config.profile().sizes().hopBudget()) {
            return false;
        }
        for (PeerId peer : path) {
            if (route.visited(peer.shortId(), position)) {
                return false;
            }
        }
        Way rest = Way.of(self, path);
        Neighbour next = neighbours.best(rest.next());
        if (next == null) {
            return false;
        }
        Bytes repaired = frame.repairedTo(route.bend(position, rest.route()));
        if (neighbours.send(next, Outgoing.relayed(classOf(frame), repaired, cameOver))) {
            counts.framesRepaired++;
        }
        return true;
    }

    private void reportBroken(Frame frame, long lost) {
        counts.framesUnroutable++;
        Optional<PeerId> source = directory.find(frame.route().orElseThrow().source());
        if (frame.type() == FrameType.ROUTE_ERROR || source.isEmpty()) {
            return;
        }
        Way back = ways.get(source.get());
        Neighbour next = back == null ? null : neighbours.best(back.next());
        if (back == null
                || next == null
                || errorsThisTick >= config.profile().pacing().routeErrorsPerTick()) {
            counts.routeErrorsRefused++;
            return;
        }
        errorsThisTick++;
        Optional<Bytes> error = error(new RouteError(selfShort, lost), source.get(), back);
        if (error.isPresent() && next.queues.controlHasRoom(error.get().size())) {
            counts.routeErrors++;
            neighbours.send(next, Outgoing.frame(Priority.CONTROL, error.get()));
        } else {
            counts.routeErrorsRefused++;
        }
    }

    private Optional<Bytes> error(RouteError error, PeerId source, Way back) {
        return back.direct() || sealing == null
                ? Optional.of(error.encode(back.encoded()))
                : sealed(source, Priority.CONTROL, error.content())
                        .map(content -> RouteError.encodeSealed(back.encoded(), content));
    }

    /** A relayed frame that waited for a link which is gone; other finished frames meant that link alone. */
    private void relayAgain(Bytes encoded, long cameOver) {
        FrameType type = FrameType.of(encoded);
        if (type != FrameType.DATAGRAM && type != FrameType.ROUTE_ERROR) {
            return;
        }
        Frame frame = Frame.read(type, encoded, config.profile().sizes());
        if (frame.route().filter(route -> route.position(selfShort) >= 0).isPresent()) {
            relay(frame, encoded, cameOver);
        }
    }
}
