package io.metcd.mesh;

import io.metcd.mesh.TopologyView.DialView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in words how a peer is reached, or what keeps it from being reached. */
final class Explanation {
    private Explanation() {}

    static String of(TopologyView view, PeerId id) {
        if (id.equals(view.self())) {
            return view.nameOf(id) + " is this peer";
        }
        Optional<PeerView> known = view.peer(id);
        if (known.isEmpty()) {
            return unknown(view, id);
        }
        PeerView peer = known.get();
        return peer.reachable() ? reached(view, peer) : unreached(view, peer);
    }

    private static String unknown(TopologyView view, PeerId id) {
        List<String> failing = failingDials(view.dials());
        return "no record of peer " + id.brief() + ": it has never been heard of, or has been unreachable for so long"
                + " that it was forgotten"
                + (failing.isEmpty() ? "" : "; " + String.join("; ", failing));
    }

    private static String reached(TopologyView view, PeerView peer) {
        String rtt = String.format(Locale.ROOT, "%.1f ms", peer.rttNanos() / 1e6);
        if (peer.path().size() == 1) {
            boolean suspect = view.links().stream().anyMatch(link -> link.peer().equals(peer.id()) && link.suspect());
            return name(view, peer.id()) + " is linked directly, round trip " + rtt
                    + (suspect ? ", but heartbeats are missing" : "");
        }
        return name(view, peer.id()) + " is reached via "
                + names(view, peer.path().subList(0, peer.path().size() - 1)) + ", round trip about " + rtt;
    }

    private static String unreached(TopologyView view, PeerView peer) {
        List<String> reasons = new ArrayList<>();
        for (LinkView link : view.links()) {
            if (link.peer().equals(peer.id()) && !link.up()) {
                reasons.add("a link to it is open but has not yet worked in both directions");
            }
        }
        if (peer.claims().isEmpty()) {
            reasons.add("by its last record it has no link to anybody");
        }
        for (PeerId neighbour : peer.claims()) {
            reasons.add(claim(view, peer, neighbour));
        }
        if (peer.addresses().isEmpty()) {
            reasons.add("it cannot be dialled, as it advertises no address");
        }
        reasons.addAll(failingDials(view.dials().stream()
                .filter(dial -> peer.addresses().contains(dial.address()))
                .toList()));
        lastEvent(view, peer.id()).ifPresent(reasons::add);
        return name(view, peer.id()) + " is unreachable: " + String.join("; ", reasons);
    }

    /** Why a link that the peer claims does not help. */
    private static String claim(TopologyView view, PeerView peer, PeerId neighbour) {
        String who = name(view, neighbour);
        Optional<PeerView> other = view.peer(neighbour);
        boolean confirmed = other.isPresent() && other.get().claims().contains(peer.id());
        if (neighbour.equals(view.self())) {
            return confirmed ? "it is about to be reached directly" : "it claims a link to this peer, which has none";
        }
        if (!confirmed) {
            return "it claims a link to " + who + ", which does not confirm it";
        }
        if (!other.get().reachable()) {
            return "it is linked to " + who + ", which is unreachable itself";
        }
        if (!other.get().relayWilling()) {
            return "it is linked to " + who + ", which does not relay";
        }
        return "it is linked to " + who + ", but that path is broken or longer than the hop budget";
    }

    private static List<String> failingDials(List<DialView> dials) {
        return dials.stream()
                .filter(dial -> !dial.connected() && !dial.lastFailure().isEmpty())
                .map(dial -> "dialling " + dial.address() + " failed " + dial.failures() + " times, last: "
                        + dial.lastFailure())
                .toList();
    }

    private static Optional<String> lastEvent(TopologyView view, PeerId id) {
        for (int i = view.events().size() - 1; i >= 0; i--) {
            MeshEvent event = view.events().get(i);
            if (event.kind() == MeshEvent.Kind.LINK_DOWN && event.peer().equals(Optional.of(id))) {
                return Optional.of("the last link to it closed: " + event.text());
            }
        }
        return Optional.empty();
    }

    private static String names(TopologyView view, List<PeerId> ids) {
        return ids.stream().map(view::nameOf).collect(Collectors.joining(", "));
    }

    private static String name(TopologyView view, PeerId id) {
        return view.nameOf(id);
    }
}
