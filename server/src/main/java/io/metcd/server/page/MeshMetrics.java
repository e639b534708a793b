package io.metcd.server.page;

import static io.metcd.server.page.Exposition.label;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.server.page.Exposition.Buckets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The other members as the mesh sees them, under etcd's names. Bytes are those of direct links: what a relay carries
 * counts for the relay.
 */
final class MeshMetrics {
    private final Exposition text;
    private final String self;
    private final TopologyView view;

    /** Peers of other members, by the member's id. */
    private final SortedMap<String, PeerView> members = new TreeMap<>();

    /** As this member sees it; 0 if there is none here. */
    MeshMetrics(Exposition text, long memberId, TopologyView view) {
        this.text = text;
        this.self = Long.toHexString(memberId);
        this.view = view;
        for (PeerView peer : view.peers().values()) {
            if (!peer.id().equals(view.self()) && peer.facts().memberId() != 0) {
                members.put(Long.toHexString(peer.facts().memberId()), peer);
            }
        }
    }

    void write(Optional<PeerRoundTrips> roundTrips) {
        ends("etcd_network_known_peers", "Members that are known.", peer -> 1);
        ends("etcd_network_active_peers", "Members that can be reached.", peer -> peer.reachable() ? 1 : 0);
        peers("etcd_network_peer_sent_bytes_total", "To", "Bytes sent over direct links.", LinkView::sentBytes);
        peers(
                "etcd_network_peer_received_bytes_total",
                "From",
                "Bytes that came over direct links.",
                LinkView::receivedBytes);
        peers(
                "etcd_network_peer_sent_failures_total",
                "To",
                "Frames that found no room in the queue of a direct link.",
                MeshMetrics::dropped);
        text.family(
                "etcd_network_peer_round_trip_time_seconds",
                "histogram",
                "The way to a member and back, as estimated.");
        roundTrips.ifPresent(trips -> trips.byMember()
                .forEach((member, histogram) -> text.histogram(
                        "etcd_network_peer_round_trip_time_seconds",
                        label("To", Long.toHexString(member)),
                        Buckets.of(histogram))));
        own(view.counters());
    }

    /** What etcd has no name for. */
    private void own(TopologyView.Counters counters) {
        text.gauge(
                        "metcd_mesh_peers",
                        "Peers that are known, this one among them.",
                        view.peers().size())
                .gauge(
                        "metcd_mesh_peers_reachable",
                        "Of them, those to which a path leads.",
                        view.peers().values().stream()
                                .filter(PeerView::reachable)
                                .count())
                .gauge(
                        "metcd_mesh_links_up",
                        "Direct links that work in both directions.",
                        view.links().stream().filter(LinkView::up).count())
                .counter("metcd_mesh_datagrams_sent_total", "Datagrams sent.", counters.datagramsSent())
                .counter("metcd_mesh_datagrams_received_total", "Datagrams that came.", counters.datagramsReceived())
                .counter("metcd_mesh_frames_relayed_total", "Frames passed on for others.", counters.framesRelayed())
                .counter("metcd_mesh_frames_unroutable_total", "Frames without a way.", counters.framesUnroutable())
                .counter("metcd_mesh_frames_malformed_total", "Frames that made no sense.", counters.malformedFrames())
                .counter(
                        "metcd_mesh_frames_repaired_total", "Frames sent on by another way.", counters.framesRepaired())
                .counter("metcd_mesh_route_errors_total", "Broken ways that were told of.", counters.routeErrors())
                .counter("metcd_mesh_own_stalls_total", "Times that this process stood still.", counters.ownStalls())
                .counter(
                        "metcd_mesh_items_received_total",
                        "Items of broadcasts and shared states that neighbours brought.",
                        counters.items().received())
                .counter(
                        "metcd_mesh_items_duplicate_total",
                        "Of them, those that were held already.",
                        counters.items().duplicates())
                .counter(
                        "metcd_mesh_items_delivered_total",
                        "Messages to everybody that were handed to a receiver here.",
                        counters.items().delivered())
                .counter(
                        "metcd_mesh_items_asked_total",
                        "Questions for items that the tree did not bring.",
                        counters.items().asked());
        text.family("metcd_mesh_lost_total", "counter", "What did not get through or was refused, by the reason.");
        for (MeshCounts count : MeshCounts.of(counters)) {
            if (!count.reason().isEmpty()) {
                text.sample("metcd_mesh_lost_total", label("reason", count.reason()), count.value());
            }
        }
        byClass("metcd_mesh_queued_bytes", "gauge", "Bytes that wait in queues of links.", LinkView::queuedBytes);
        byClass(
                "metcd_mesh_queue_full_total",
                "counter",
                "Frames that found no room in a queue of a link that is up.",
                LinkView::dropped);
    }

    private void byClass(String name, String type, String help, Function<LinkView, List<Long>> values) {
        text.family(name, type, help);
        for (int i = 0; i < Priority.count(); i++) {
            int code = i;
            long sum = view.links().stream()
                    .mapToLong(link -> values.apply(link).get(code))
                    .sum();
            text.sample(name, label("class", Priority.at(i).name().toLowerCase(Locale.ROOT)), sum);
        }
    }

    private void ends(String name, String help, ToLongFunction<PeerView> value) {
        text.family(name, "gauge", help);
        members.forEach((member, peer) ->
                text.sample(name, label("Local", self) + "," + label("Remote", member), value.applyAsLong(peer)));
    }

    private void peers(String name, String label, String help, ToLongFunction<LinkView> value) {
        text.family(name, "counter", help);
        members.forEach((member, peer) -> text.sample(name, label(label, member), sum(peer.id(), value)));
    }

    private long sum(PeerId peer, ToLongFunction<LinkView> value) {
        return view.links().stream()
                .filter(link -> link.peer().equals(peer))
                .mapToLong(value)
                .sum();
    }

    private static long dropped(LinkView link) {
        return link.dropped().stream().mapToLong(Long::longValue).sum();
    }
}
