package io.metcd.server.page;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.server.rpc.Page;
import java.util.List;

/** The mesh as one peer sees it, as JSON (contract: http.metcd.1). */
final class MeshPage {
    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private MeshPage() {}

    static Page of(TopologyView view) {
        Json json = new Json()
                .put("id", view.self().toString())
                .put("name", view.nameOf(view.self()))
                .objects("peers", view.peers().values(), peer -> peer(view, peer))
                .objects("links", view.links(), link -> link(view, link))
                .objects("dials", view.dials(), MeshPage::dial)
                .objects("conflicts", view.conflicts(), MeshPage::conflict);
        return Page.json(200, json.encode() + "\n");
    }

    private static Json peer(TopologyView view, PeerView peer) {
        return new Json()
                .put("id", peer.id().toString())
                .put("name", view.nameOf(peer.id()))
                .put("memberId", hex(peer.facts().memberId()))
                .put("reachable", peer.reachable())
                .strings("path", names(view, peer.path()))
                .strings("alternate", names(view, peer.alternate()))
                .put("rttMillis", millis(peer.rttNanos()))
                .put("relays", peer.relayWilling())
                .strings("clientUrls", peer.facts().clientUrls())
                .put("explain", view.explain(peer.id()));
    }

    private static Json link(TopologyView view, LinkView link) {
        return new Json()
                .put("id", link.peer().toString())
                .put("name", view.nameOf(link.peer()))
                .put("dialled", link.dialled())
                .put("address", link.address())
                .put("rttMillis", millis(link.rttNanos()))
                .put("up", link.up())
                .put("suspect", link.suspect());
    }

    private static Json dial(TopologyView.DialView dial) {
        return new Json()
                .put("address", dial.address())
                .put("connected", dial.connected())
                .put("failures", dial.failures())
                .put("lastFailure", dial.lastFailure());
    }

    private static Json conflict(TopologyView.NameConflict conflict) {
        return new Json()
                .put("name", conflict.name())
                .strings(
                        "claimants",
                        conflict.claimants().stream().map(PeerId::toString).toList());
    }

    private static List<String> names(TopologyView view, List<PeerId> path) {
        return path.stream().map(view::nameOf).toList();
    }

    private static double millis(long nanos) {
        return Math.round(nanos / NANOS_PER_MILLI * 100) / 100.0;
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }
}
