package io.metcd.server.page;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Page;
import io.metcd.store.MemberState;
import io.metcd.store.Root;
import java.util.Optional;

/** What operators ask of a member, as JSON: itself, and the mesh as it sees it (contract: http.metcd.1). */
final class OperatorPages {
    private static final Page NO_MESH = Page.json(404, "{\"error\":\"this member runs without a mesh\"}");

    private final ReplicaBridge replica;
    private final Optional<MeshEye> mesh;

    OperatorPages(ReplicaBridge replica, Optional<MeshEye> mesh) {
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
        return mesh.map(MeshEye::page).orElse(NO_MESH);
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

    private static String leaderName(ReplicaStatus status) {
        return status.members().stream()
                .filter(member -> member.id() == status.leader())
                .map(MemberState::name)
                .findFirst()
                .orElse("");
    }

    private static String hex(long id) {
        return Long.toHexString(id);
    }
}
