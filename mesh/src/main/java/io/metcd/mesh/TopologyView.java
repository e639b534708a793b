package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.mesh.spread.Figures;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What one peer knows of the mesh at one moment; immutable.
 *
 * @param self whose view this is
 * @param peers every known peer, this one included
 * @param links this peer's own links
 * @param edges every link of the mesh that both of its ends confirm, once per pair
 * @param conflicts names that more than one live peer claims
 * @param dials what this peer tries to reach
 * @param digest equal on two peers exactly when they hold the same records
 * @param counters totals since the start
 * @param events the last ones, oldest first
 */
public record TopologyView(
        PeerId self,
        SortedMap<PeerId, PeerView> peers,
        List<LinkView> links,
        List<Edge> edges,
        List<NameConflict> conflicts,
        List<DialView> dials,
        long digest,
        Counters counters,
        List<MeshEvent> events) {
    /**
     * One peer.
     *
     * @param reachable this peer itself, or one to which a path of confirmed links leads
     * @param path the peers after this one, the destination last; empty for this peer and for unreachable ones
     * @param alternate a second path that shares as few links as possible with the first; may be empty
     * @param rttNanos estimated over the path; 0 when unreachable
     * @param claims the peers to which it claims to have a link
     */
    public record PeerView(
            PeerId id,
            Bytes publicKey,
            long incarnation,
            PeerFacts facts,
            List<String> addresses,
            boolean relayWilling,
            boolean reachable,
            List<PeerId> path,
            List<PeerId> alternate,
            long rttNanos,
            List<PeerId> claims) {}

    /**
     * One of this peer's own links.
     *
     * @param address that was dialled, or from which the other end came
     * @param rttTailNanos near the 99th percentile of the recent round trips
     * @param up whether both directions have proved to work
     * @param suspect whether heartbeats are missing
     * @param queuedBytes waiting, by the code of the class
     * @param dropped datagrams and frames that found no room, by the code of the class
     */
    public record LinkView(
            PeerId peer,
            boolean dialled,
            String address,
            long rttNanos,
            long rttTailNanos,
            boolean up,
            boolean suspect,
            List<Long> queuedBytes,
            List<Long> dropped,
            long sentBytes,
            long receivedBytes) {}

    /** A link that both ends confirm; {@code a} is the lower id; the cost is the worse of the two claims. */
    public record Edge(PeerId a, PeerId b, int cost) {}

    /** A name that several live peers claim. */
    public record NameConflict(String name, List<PeerId> claimants) {}

    /** An address this peer dials; {@code lastFailure} is empty when the last dial succeeded. */
    public record DialView(String address, boolean connected, int failures, String lastFailure) {}

    /**
     * Totals since the start.
     *
     * @param malformedFrames that made no sense
     * @param recordsRefused of too many peers, too many of one, or of a version that this one cannot read
     * @param framesDuplicate sealed texts that had been opened before: copies sent over a second path, or replays
     * @param framesUnknown of types that only later versions know, passed over
     * @param framesForged in the name of a peer that has not made them, or not in this life
     * @param messagesUnheard for channels that nobody has opened here, or of a later version
     * @param datagramsLost of which a part had left over a link when it was lost
     * @param routeErrorsRefused frames that vanished here without a word to their source
     * @param ownStalls how often this process stood still
     * @param items of broadcasts and shared states
     */
    public record Counters(
            long datagramsSent,
            long datagramsReceived,
            long framesRelayed,
            long framesUnroutable,
            long framesRepaired,
            long routeErrors,
            long malformedFrames,
            long recordsRefused,
            long reassemblyDropped,
            long framesDuplicate,
            long framesUnknown,
            long framesForged,
            long messagesUnheard,
            long datagramsLost,
            long routeErrorsRefused,
            long ownStalls,
            Figures items) {
        /** Nothing has happened yet. */
        public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Figures.NONE);
    }

    /** What is known of a peer. */
    public Optional<PeerView> peer(PeerId id) {
        return Optional.ofNullable(peers.get(id));
    }

    /** Whether a two-way path leads to the peer. */
    public boolean reachable(PeerId id) {
        PeerView peer = peers.get(id);
        return peer != null && peer.reachable();
    }

    /** How a peer is reached, or why it is not, in words for an operator. */
    public String explain(PeerId id) {
        return Explanation.of(this, id);
    }

    /** A peer's name, or the beginning of its id when it has none. */
    public String nameOf(PeerId id) {
        return peer(id).map(peer -> peer.facts().name())
                .filter(name -> !name.isEmpty())
                .orElseGet(id::brief);
    }
}
