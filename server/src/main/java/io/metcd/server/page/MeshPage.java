package io.metcd.server.page;

import io.metcd.base.Clock;
import io.metcd.mesh.MeshEvent;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.mesh.net.MeshServer.RefusedPeer;
import io.metcd.server.rpc.Page;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The mesh as one peer sees it, as JSON (contract: http.metcd.1). */
final class MeshPage {
    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private MeshPage() {}

    /**
     * All of it.
     *
     * @param refused the last strangers that were refused at this peer's door
     */
    static Page of(TopologyView view, List<RefusedPeer> refused) {
        long now = Clock.system().nanos();
        Json json = new Json()
                .put("id", view.self().toString())
                .put("name", view.nameOf(view.self()))
                .objects("peers", view.peers().values(), peer -> peer(view, peer))
                .objects("links", view.links(), link -> link(view, link))
                .objects("edges", view.edges(), edge -> edge(view, edge))
                .objects("dials", view.dials(), MeshPage::dial)
                .objects("conflicts", view.conflicts(), MeshPage::conflict)
                .objects("refused", refused, MeshPage::refused)
                .objects("events", view.events(), event -> event(view, event, now))
                .object("counters", counters(view.counters()));
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
                .put("rttTailMillis", millis(link.rttTailNanos()))
                .put("up", link.up())
                .put("suspect", link.suspect())
                .put("sentBytes", link.sentBytes())
                .put("receivedBytes", link.receivedBytes())
                .object("queuedBytes", byClass(link.queuedBytes()))
                .object("dropped", byClass(link.dropped()));
    }

    private static Json byClass(List<Long> values) {
        Json json = new Json();
        for (int i = 0; i < values.size(); i++) {
            json.put(Priority.at(i).name().toLowerCase(Locale.ROOT), values.get(i));
        }
        return json;
    }

    private static Json edge(TopologyView view, TopologyView.Edge edge) {
        return new Json()
                .put("a", view.nameOf(edge.a()))
                .put("b", view.nameOf(edge.b()))
                .put("aId", edge.a().toString())
                .put("bId", edge.b().toString())
                .put("cost", edge.cost());
    }

    private static Json refused(RefusedPeer refused) {
        return new Json()
                .put("host", refused.host())
                .put("reason", refused.reason())
                .put("times", refused.times());
    }

    private static Json event(TopologyView view, MeshEvent event, long now) {
        return new Json()
                .put("agoMillis", Math.max(0, TimeUnit.NANOSECONDS.toMillis(now - event.atNanos())))
                .put("kind", event.kind().name())
                .put("id", event.peer().map(PeerId::toString).orElse(""))
                .put("name", event.peer().map(view::nameOf).orElse(""))
                .put("text", event.text());
    }

    private static Json counters(TopologyView.Counters counters) {
        Json json = new Json();
        MeshCounts.of(counters).forEach(count -> json.put(count.field(), count.value()));
        return json;
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
