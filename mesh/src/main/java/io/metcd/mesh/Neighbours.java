package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Links;
import io.metcd.mesh.topology.Damping;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.LinkQuality;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.Lane;
import io.metcd.mesh.wire.LinkPace;
import io.metcd.mesh.wire.LinkQueues;
import io.metcd.mesh.wire.Outgoing;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * This peer's links: which live, which of several to one peer is used, and what leaves over them.
 *
 * <p>Two peers that dial each other end with two links. The one dialled by the lower id is kept; whoever dialled the
 * other closes it once the kept one has proved to work, so nothing is lost in between.
 *
 * <p>A link that comes and goes is claimed only when it has lived for a while, unless there is no other way to its peer.
 */
final class Neighbours {
    private final PeerId self;
    private final Profile profile;
    private final Clock clock;
    private final Links links;
    private final ByteBudget budget;
    private final Listener listener;
    private final Coalesced flush;
    private final Coalesced thanking;
    /** Over whose links so much has come that they wait to be told. */
    private final List<Neighbour> thankful = new ArrayList<>();

    private final long originNanos;
    private final Map<Long, Neighbour> byLink = new LinkedHashMap<>();
    private final Map<Long, List<Neighbour>> byPeer = new LinkedHashMap<>();
    private final Damping damping;
    /** Peers to whom a link is claimed. */
    private final Set<Long> claimed = new TreeSet<>();

    private List<Neighbour> touched = new ArrayList<>();
    /** What is being flushed; a flush may make links writable, which touches them again. */
    private List<Neighbour> spare = new ArrayList<>();

    /** Learns which links come and go. */
    interface Listener {
        /** What links to the peer are worth has changed: one has proved to work, or its cost is another. */
        void claimsChanged(Neighbour neighbour);

        /** The link is gone; {@code unsent} had not left yet. */
        void lost(Neighbour neighbour, String reason, List<Outgoing> unsent);

        /** An older life of a peer has come while a link to a later one exists: two processes share one key. */
        void livesTwice(Neighbour neighbour, long otherIncarnation);

        /** Whether there is a way to the peer, to whom no link is claimed. */
        boolean reachable(PeerId peer);

        /** What heartbeats carry. */
        long digest();
    }

    Neighbours(PeerId self, Profile profile, Doors doors, ByteBudget budget, Listener listener) {
        this.self = self;
        this.profile = profile;
        this.clock = doors.clock();
        this.links = doors.links();
        this.budget = budget;
        this.listener = listener;
        this.flush = new Coalesced(doors.clock(), doors.scheduler(), this::flushTouched);
        this.thanking = new Coalesced(doors.clock(), doors.scheduler(), this::thank);
        this.originNanos = clock.nanos();
        this.damping = new Damping(profile.overlay().steady());
    }

    Neighbour opened(Neighbour.Identity identity) {
        int chunk = profile.sizes().chunkBytes();
        LinkQueues queues = new LinkQueues(profile.queues(), chunk, budget);
        LinkQuality quality = new LinkQuality(profile.timing());
        Neighbour neighbour = new Neighbour(identity, queues, quality, new LinkPace(chunk), clock.nanos());
        retireOldLives(neighbour);
        byLink.put(neighbour.link, neighbour);
        byPeer.computeIfAbsent(neighbour.shortId, peer -> new ArrayList<>()).add(neighbour);
        sendHeartbeat(neighbour);
        return neighbour;
    }

    /** A peer that has restarted cannot use the links of its last life, even if this end has not noticed. */
    private void retireOldLives(Neighbour newcomer) {
        for (Neighbour sibling : List.copyOf(byPeer.getOrDefault(newcomer.shortId, List.of()))) {
            if (sibling.incarnation < newcomer.incarnation) {
                close(sibling.link, "the peer has restarted");
            } else if (sibling.incarnation > newcomer.incarnation) {
                listener.livesTwice(newcomer, sibling.incarnation);
            }
        }
    }

    /** The transport says that the link is closed, or this peer closes it; without effect when it is unknown. */
    void close(long link, String reason) {
        Neighbour neighbour = byLink.remove(link);
        if (neighbour == null) {
            return;
        }
        List<Neighbour> siblings = byPeer.get(neighbour.shortId);
        if (siblings != null) {
            siblings.remove(neighbour);
            if (siblings.isEmpty()) {
                byPeer.remove(neighbour.shortId);
            }
        }
        if (neighbour.up && best(neighbour.shortId) == null) {
            claimed.remove(neighbour.shortId);
            damping.lost(neighbour.shortId, clock.nanos());
        }
        links.close(link, reason);
        listener.lost(neighbour, reason, neighbour.queues.drain());
    }

    @Nullable
    Neighbour get(long link) {
        return byLink.get(link);
    }

    Collection<Neighbour> all() {
        return byLink.values();
    }

    /** Peers that are linked, be the link young. */
    int peers() {
        return byPeer.size();
    }

    boolean linked(long shortId) {
        return byPeer.containsKey(shortId);
    }

    /** The link to use to a peer; null when none has proved to work. */
    @Nullable
    Neighbour best(long shortId) {
        List<Neighbour> siblings = byPeer.get(shortId);
        if (siblings == null) {
            return null;
        }
        Neighbour best = null;
        for (Neighbour neighbour : siblings) {
            if (neighbour.up && (best == null || better(neighbour, best))) {
                best = neighbour;
            }
        }
        return best;
    }

    /** What this peer may claim: the proven links and their costs, but for those that are lost again and again. */
    LinkClaims claims() {
        SortedMap<PeerId, Integer> costs = new TreeMap<>();
        for (List<Neighbour> siblings : byPeer.values()) {
            Neighbour best = best(siblings.get(0).shortId);
            if (best != null && claims(best)) {
                costs.put(best.peer, best.quality.advertisedCost());
            }
        }
        return LinkClaims.of(costs);
    }

    private boolean claims(Neighbour best) {
        if (!claimed.contains(best.shortId)) {
            long now = clock.nanos();
            boolean steady = now - best.upSinceNanos >= damping.probationNanos(best.shortId, now);
            if (!steady && listener.reachable(best.peer)) {
                return false;
            }
            claimed.add(best.shortId);
        }
        return true;
    }

    /** Queues for a link; false when there is no room. */
    boolean send(Neighbour neighbour, Outgoing outgoing) {
        boolean queued = neighbour.queues.offer(outgoing) == LinkQueues.Offer.QUEUED;
        pump(neighbour);
        return queued;
    }

    /** As {@link #send}, for what somebody waits for: only the mesh's byte budget refuses it. */
    boolean sendAnswer(Neighbour neighbour, Outgoing outgoing) {
        boolean queued = neighbour.queues.offerAnswer(outgoing) == LinkQueues.Offer.QUEUED;
        pump(neighbour);
        return queued;
    }

    /** Hands over what the transport will take. */
    void pump(Neighbour neighbour) {
        while (!neighbour.queues.isEmpty()
                && links.unsentBytes(neighbour.link) < profile.queues().unsentBytes()
                && neighbour.queues.mayLeave(neighbour.pace.open())) {
            Bytes frame = neighbour.queues.next(neighbour.pace.open());
            neighbour.sentBytes += frame.size();
            if (Lane.of(frame).paced()) {
                neighbour.pace.left(frame.size(), clock.nanos());
            }
            links.send(neighbour.link, frame);
            if (!neighbour.touched) {
                neighbour.touched = true;
                touched.add(neighbour);
                flush.soon();
            }
        }
    }

    void heartbeat(Neighbour neighbour, Heartbeat heartbeat) {
        boolean firstEcho = !neighbour.echoed();
        boolean changed = neighbour.heard(heartbeat, originNanos, clock.nanos());
        if (firstEcho) {
            sendHeartbeat(neighbour);
        }
        if (!neighbour.up && neighbour.echoed()) {
            neighbour.up = true;
            neighbour.upSinceNanos = clock.nanos();
            changed = true;
        }
        if (changed && neighbour.up) {
            listener.claimsChanged(neighbour);
        }
        pump(neighbour);
    }

    /** A frame has come over the link, whose other end waits to hear of much, once for all of this turn. */
    void came(Neighbour neighbour, Bytes frame) {
        if (Lane.of(frame).paced()) {
            long before = neighbour.taken;
            neighbour.taken += frame.size();
            boolean waits = LinkPace.tells(neighbour.told, before);
            if (!waits && LinkPace.tells(neighbour.told, neighbour.taken)) {
                thankful.add(neighbour);
                thanking.soon();
            }
        }
    }

    private void thank() {
        List<Neighbour> all = List.copyOf(thankful);
        thankful.clear();
        for (Neighbour neighbour : all) {
            if (byLink.get(neighbour.link) == neighbour && LinkPace.tells(neighbour.told, neighbour.taken)) {
                sendHeartbeat(neighbour);
            }
        }
    }

    /** Sends heartbeats, closes what is dead or superfluous; {@code stallNanos} is how late this call comes. */
    void tick(long stallNanos) {
        long now = clock.nanos();
        Profile.Timing timing = profile.timing();
        for (Neighbour neighbour : List.copyOf(byLink.values())) {
            if (stallNanos > 0) {
                neighbour.forgive(stallNanos);
            }
            String dead = neighbour.deadBecause(timing.heartbeatNanos(), now);
            if (dead.isEmpty()
                    && neighbour.writesStalled(links.unsentBytes(neighbour.link), timing.writeStallNanos(), now)) {
                dead = "its writes have stalled for " + timing.writeStallNanos() / 1_000_000 + " ms";
            }
            if (dead.isEmpty() && superfluous(neighbour, now)) {
                dead = "another link to this peer is kept";
            }
            if (!dead.isEmpty()) {
                close(neighbour.link, dead);
            } else {
                if (neighbour.heartbeatDue(timing.heartbeatNanos(), now)) {
                    sendHeartbeat(neighbour);
                }
                pump(neighbour);
                if (neighbour.up && !claimed.contains(neighbour.shortId) && claims(neighbour)) {
                    listener.claimsChanged(neighbour);
                }
            }
        }
    }

    private void sendHeartbeat(Neighbour neighbour) {
        Heartbeat heartbeat = neighbour.heartbeat(listener.digest(), originNanos, clock.nanos());
        send(neighbour, Outgoing.frame(Priority.CONTROL, heartbeat.encode()));
    }

    private boolean better(Neighbour one, Neighbour other) {
        if (one.dialled() != other.dialled()) {
            boolean ours = self.compareTo(one.peer) < 0;
            return one.dialled() == ours;
        }
        return one.openedNanos - other.openedNanos >= 0;
    }

    /** A link beside a better one; its dialler closes it, or this end when the dialler seems to have forgotten it. */
    private boolean superfluous(Neighbour neighbour, long nowNanos) {
        Neighbour best = best(neighbour.shortId);
        if (best == null || best == neighbour) {
            return false;
        }
        long interval = profile.timing().heartbeatNanos();
        long patience = neighbour.dialled() ? interval : interval * 16;
        return nowNanos - best.upSinceNanos > patience && nowNanos - neighbour.openedNanos > patience;
    }

    /** Pushes what was handed over in this turn; runs by itself at the end of the turn. */
    void flushTouched() {
        List<Neighbour> flushing = touched;
        touched = spare;
        spare = flushing;
        for (Neighbour neighbour : flushing) {
            neighbour.touched = false;
            links.flush(neighbour.link);
        }
        flushing.clear();
    }
}
