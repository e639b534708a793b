package io.metcd.mesh;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.mesh.topology.Routes;
import io.metcd.mesh.wire.ByteBudget;
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
        this.reassembly = new Reassembly(config.profile().sizes(), pieces.budget());
        this.directory = pieces.directory();
        this.lastFragmentId = pieces.firstFragmentId();
        this.upwards = upwards;
    }

    /** What the engine's parts share. */
    record Pieces(
            PeerId self, Clock clock, Counts counts, ByteBudget budget, Directory directory, long firstFragmentId) {}

    /** From now on what crosses a relay is sealed, and must be. */
    void seal(Sealing newSealing) {
        sealing = newSealing;
    }

    /** Takes newly computed routes. */
    void use(Routes newRoutes) {
        routes = newRoutes;
        ways.clear();
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
        if (datagram.body().size() > config.profile().sizes().datagramMax()) {
            return SendOutcome.TOO_LARGE;
        }
        Way way = ways.get(datagram.destination());
        Bytes route = way == null ? Bytes.EMPTY : way.encoded();
        long next = way == null ? datagram.destination().shortId() : way.next();
        Neighbour neighbour = neighbours.best(next);
        if (neighbour == null) {
            boolean known = directory.find(datagram.destination().shortId()).isPresent();
            return known ? SendOutcome.NO_ROUTE : SendOutcome.PEER_GONE;
        }
        Optional<Outgoing> outgoing = outgoing(datagram, route);
        if (outgoing.isEmpty()) {
            return SendOutcome.NO_ROUTE;
        }
        boolean queued =
                awaited ? neighbours.sendAnswer(neighbour, outgoing.get()) : neighbours.send(neighbour, outgoing.get());
        if (queued) {
            counts.datagramsSent++;
        }
        return queued ? SendOutcome.SENT : SendOutcome.WOULD_BLOCK;
    }

    /** Empty when it should be sealed and the destination's key does not allow it. */
    private Optional<Outgoing> outgoing(Datagram datagram, Bytes route) {
        Sealing sealer = sealing;
        long fragmentId = ++lastFragmentId;
        if (sealer == null || route.isEmpty()) {
            return Optional.of(Outgoing.datagram(datagram, route, fragmentId));
        }
        Bytes text = datagram.head().concat(datagram.body());
        return directory
                .end(datagram.destination())
                .flatMap(to -> sealer.seal(to, directory.ownIncarnation(), datagram.priority(), text))
                .map(content -> Outgoing.sealed(datagram, route, fragmentId, content));
    }

    /** Takes a DATAGRAM or ROUTE_ERROR frame. */
    void receive(FrameType type, Neighbour from, Bytes encoded) {
        Frame frame = Frame.read(type, encoded, config.profile().sizes());
        if (frame.route().isEmpty()) {
            arrived(frame, from.peer);
            return;
        }
        SourceRoute route = frame.route().get();
        int position = route.destination() == selfShort ? route.relays() : route.position(selfShort);
        if (position < 0 || route.before(position) != from.shortId) {
            throw new Malformed("a frame whose route does not lead here");
        }
        if (route.destination() == selfShort) {
            arrivedByRelay(frame, route.source());
        } else {
            relay(frame, encoded, position);
        }
    }

    /** A link is gone: what had not left over it finds another way, or is given up. */
    void resend(List<Outgoing> unsent) {
        for (Outgoing outgoing : unsent) {
            if (outgoing.datagram().isPresent()) {
                if (!outgoing.begun()) {
                    send(outgoing.datagram().get(), false);
                }
            } else {
                outgoing.finishedFrame().ifPresent(this::relayAgain);
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

    private void arrived(Frame frame, PeerId source) {
        if (frame.type() == FrameType.ROUTE_ERROR) {
            upwards.routeBroken(RouteError.decode(frame.body()));
            return;
        }
        Optional<Bytes> whole = frame.fragment().isEmpty()
                ? Optional.of(frame.body())
                : reassembly.add(source.shortId(), frame, clock.nanos());
        Optional<Bytes> text = whole.flatMap(datagram -> opened(frame, source, datagram));
        if (text.isPresent()) {
            counts.datagramsReceived++;
            upwards.deliver(source, frame.priority(), text.get());
        }
    }

    /** What came over relays must be sealed if this peer seals, or a relay could have made it up. */
    private Optional<Bytes> opened(Frame frame, PeerId source, Bytes datagram) {
        Sealing sealer = sealing;
        boolean direct = frame.route().isEmpty();
        if ((direct || sealer == null) && !frame.sealed()) {
            return Optional.of(datagram);
        }
        Optional<Bytes> text = sealer == null || direct || !frame.sealed()
                ? Optional.empty()
                : directory.end(source).flatMap(from -> sealer.open(from, frame.priority(), datagram));
        if (text.isEmpty()) {
            counts.malformedFrames++;
        }
        return text;
    }

    /** What a relay brought may be malformed by its source, which the link it came over is not to blame for. */
    private void arrivedByRelay(Frame frame, long sourceId) {
        Optional<PeerId> source = directory.find(sourceId);
        if (source.isEmpty()) {
            counts.framesUnroutable++;
            return;
        }
        try {
            arrived(frame, source.get());
        } catch (Malformed e) {
            counts.malformedFrames++;
        }
    }

    private void relay(Frame frame, Bytes encoded, int position) {
        SourceRoute route = frame.route().orElseThrow();
        Neighbour next = neighbours.best(route.after(position));
        if (next != null && config.relayWilling()) {
            if (neighbours.send(next, Outgoing.frame(frame.priority(), encoded))) {
                counts.framesRelayed++;
            }
        } else if (!config.relayWilling() || !repair(frame, position)) {
            reportBroken(frame, route.after(position));
        }
    }

    private boolean repair(Frame frame, int position) {
        SourceRoute route = frame.route().orElseThrow();
        Optional<PeerId> destination = directory.find(route.destination());
        Routes known = routes;
        if (frame.repaired() || destination.isEmpty() || known == null) {
            return false;
        }
        return repairOver(known.path(destination.get()), frame, position)
                || repairOver(known.alternate(destination.get()), frame, position);
    }

    private boolean repairOver(List<PeerId> path, Frame frame, int position) {
        SourceRoute route = frame.route().orElseThrow();
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
        if (neighbours.send(next, Outgoing.frame(frame.priority(), repaired))) {
            counts.framesRepaired++;
        }
        return true;
    }

    private void reportBroken(Frame frame, long lost) {
        counts.framesUnroutable++;
        Optional<PeerId> source = directory.find(frame.route().orElseThrow().source());
        if (frame.type() == FrameType.ROUTE_ERROR
                || source.isEmpty()
                || errorsThisTick++ >= config.profile().pacing().routeErrorsPerTick()) {
            return;
        }
        Way back = ways.get(source.get());
        Neighbour next = back == null ? null : neighbours.best(back.next());
        if (back != null && next != null) {
            counts.routeErrors++;
            Bytes error = new RouteError(selfShort, lost).encode(back.encoded());
            neighbours.send(next, Outgoing.frame(Priority.CONTROL, error));
        }
    }

    /** A relayed frame that waited for a link which is gone; other finished frames meant that link alone. */
    private void relayAgain(Bytes encoded) {
        FrameType type = FrameType.of(encoded);
        if (type != FrameType.DATAGRAM && type != FrameType.ROUTE_ERROR) {
            return;
        }
        Frame frame = Frame.read(type, encoded, config.profile().sizes());
        frame.route().ifPresent(route -> {
            int position = route.position(selfShort);
            if (position >= 0) {
                relay(frame, encoded, position);
            }
        });
    }
}
