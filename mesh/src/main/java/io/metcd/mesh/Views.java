package io.metcd.mesh;

import io.metcd.mesh.TopologyView.DialView;
import io.metcd.mesh.TopologyView.Edge;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.NameConflict;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.mesh.topology.Dialler;
import io.metcd.mesh.topology.Graph;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.topology.Routes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Makes the immutable picture of the mesh that other threads and operators see. */
final class Views {
    /** Above this many peers second paths are computed only when a frame needs one. */
    private static final int ALTERNATES_PEERS_MAX = 32;

    private static final long COST_UNIT_NANOS = 1_000_000;

    private Views() {}

    /** Every known peer, with the way to it. */
    static SortedMap<PeerId, PeerView> peers(
            PeerId self, Collection<PeerRecord> records, Routes routes, Function<PeerId, Long> linkRtt) {
        SortedMap<PeerId, PeerView> peers = new TreeMap<>();
        boolean few = records.size() <= ALTERNATES_PEERS_MAX;
        for (PeerRecord record : records) {
            PeerId id = record.id();
            List<PeerId> path = routes.path(id);
            peers.put(
                    id,
                    new PeerView(
                            id,
                            record.publicKey(),
                            record.incarnation(),
                            record.facts(),
                            record.addresses(),
                            record.relays(),
                            id.equals(self) || !path.isEmpty(),
                            path,
                            few ? routes.alternate(id) : List.of(),
                            rtt(routes, id, path, linkRtt),
                            claims(record, routes.graph())));
        }
        return Collections.unmodifiableSortedMap(peers);
    }

    static List<Edge> edges(Graph graph) {
        List<Edge> edges = new ArrayList<>();
        for (int node = 0; node < graph.size(); node++) {
            for (int i = 0; i < graph.degree(node); i++) {
                int other = graph.neighbour(node, i);
                if (node < other) {
                    edges.add(new Edge(graph.id(node), graph.id(other), graph.cost(node, i)));
                }
            }
        }
        return List.copyOf(edges);
    }

    static List<NameConflict> conflicts(SortedMap<PeerId, PeerView> peers) {
        Map<String, List<PeerId>> byName = new TreeMap<>();
        for (PeerView peer : peers.values()) {
            if (peer.reachable() && !peer.facts().name().isEmpty()) {
                byName.computeIfAbsent(peer.facts().name(), name -> new ArrayList<>())
                        .add(peer.id());
            }
        }
        List<NameConflict> conflicts = new ArrayList<>();
        byName.forEach((name, claimants) -> {
            if (claimants.size() > 1) {
                conflicts.add(new NameConflict(name, List.copyOf(claimants)));
            }
        });
        return List.copyOf(conflicts);
    }

    static List<LinkView> links(Collection<Neighbour> neighbours, Profile profile, long nowNanos) {
        List<LinkView> links = new ArrayList<>();
        for (Neighbour neighbour : neighbours) {
            List<Long> queued = new ArrayList<>();
            List<Long> dropped = new ArrayList<>();
            for (int i = 0; i < Priority.count(); i++) {
                queued.add((long) neighbour.queues.queuedBytes(Priority.at(i)));
                dropped.add(neighbour.queues.dropped(Priority.at(i)));
            }
            links.add(new LinkView(
                    neighbour.peer,
                    neighbour.dialled(),
                    neighbour.dialled() ? neighbour.dialledAddress : neighbour.observedAddress,
                    neighbour.quality.rttNanos(),
                    neighbour.quality.rttTailNanos(),
                    neighbour.up,
                    neighbour.suspect(profile.timing().heartbeatNanos(), nowNanos),
                    queued,
                    dropped,
                    neighbour.sentBytes,
                    neighbour.receivedBytes));
        }
        return List.copyOf(links);
    }

    static List<DialView> dials(List<Dialler.Standing> standings, Neighbours neighbours) {
        List<DialView> dials = new ArrayList<>();
        for (Dialler.Standing standing : standings) {
            boolean connected = standing.owner()
                    .map(owner -> neighbours.linked(owner.shortId()))
                    .orElse(false);
            dials.add(new DialView(standing.address(), connected, standing.failures(), standing.lastFailure()));
        }
        return List.copyOf(dials);
    }

    /** The first link as measured, the others as advertised. */
    private static long rtt(Routes routes, PeerId id, List<PeerId> path, Function<PeerId, Long> linkRtt) {
        if (path.isEmpty()) {
            return 0;
        }
        int rest = routes.linkCost(id) - routes.linkCost(path.get(0));
        return linkRtt.apply(path.get(0)) + rest * COST_UNIT_NANOS;
    }

    private static List<PeerId> claims(PeerRecord record, Graph graph) {
        List<PeerId> claims = new ArrayList<>();
        for (int i = 0; i < record.links().size(); i++) {
            graph.find(record.links().neighbour(i)).ifPresent(claims::add);
        }
        return List.copyOf(claims);
    }
}
