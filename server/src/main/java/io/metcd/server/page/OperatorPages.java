package io.metcd.server.page;

import io.metcd.mesh.Mesh;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.TopologyView;
import io.metcd.mesh.TopologyView.LinkView;
import io.metcd.mesh.TopologyView.PeerView;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Page;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import java.util.List;
import java.util.Optional;

/** What operators ask of a member, as JSON: itself, and the mesh as it sees it (contract: http.metcd.1). */
final class OperatorPages {
    private static final Page NO_MESH = Page.json(404, "{\"error\":\"this member runs without a mesh\"}");
    private static final double NANOS_PER_MILLI = 1_000_000.0;

    private final ReplicaBridge replica;
    private final Optional<Mesh> mesh;

    OperatorPages(ReplicaBridge replica, Optional<Mesh> mesh) {
        this.replica = replica;
        this.mesh = mesh;
    }

    Page status() {
        ReplicaStatus status = replica.status();
        Root root = replica.root();
        boolean serves = status.role() != ReplicaStatus.Role.LEARNER && status.hasLeader();
        boolean ready = status.phase() == ReplicaStatus.Phase.RUNNING && serves;
        Json json = new Json()
                .put("name", status.name())
                .put("cluster", status.cluster())
                .put("clusterId", hex(status.clusterId()))
                .put("memberId", hex(status.memberId()))
                .put("phase", status.phase().name())
                .put("role", status.role().name())
                .put("term", status.term())
                .put("leader", hex(status.leader()))
                .put("leaderName", leaderName(status))
                .put("revision", root.revision())
                .put("commit", status.commit())
                .put("applied", root.appliedIndex())
                .put("stateHash", hex(root.stateHash()))
                .put("version", Versions.SERVER)
                .put("ready", ready)
                .put("waitsFor", status.waitsFor())
                .strings("alarms", status.alarms())
                .put("autopilot", status.autopilot().mode().word())
                .strings("autopilotSays", status.autopilot().reasons())
                .objects("members", status.members(), member -> member(member, status));
        return Page.json(200, json.encode() + "\n");
    }

    Page peers() {
        return mesh.map(present -> peers(present.topology())).orElse(NO_MESH);
    }

    private static Page peers(TopologyView view) {
        Json json = new Json()
                .put("id", view.self().toString())
                .put("name", view.nameOf(view.self()))
                .objects("peers", view.peers().values(), peer -> peer(view, peer))
                .objects("links", view.links(), link -> link(view, link))
                .objects("dials", view.dials(), OperatorPages::dial)
                .objects("conflicts", view.conflicts(), OperatorPages::conflict);
        return Page.json(200, json.encode() + "\n");
    }

    private static Json member(MemberState member, ReplicaStatus status) {
        String role = !status.voters().contains(member.id())
                ? "learner"
                : member.id() == status.leader() ? "leader" : "voter";
        return new Json()
                .put("id", hex(member.id()))
                .put("name", member.name())
                .put("role", role)
                .strings("clientUrls", member.clientUrls())
                .strings("peerUrls", member.peerUrls());
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

    private static String leaderName(ReplicaStatus status) {
        return status.members().stream()
                .filter(member -> member.id() == status.leader())
                .map(MemberState::name)
                .findFirst()
                .orElse("");
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
