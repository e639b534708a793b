package io.metcd.server.page;

import io.metcd.mesh.Mesh;
import io.metcd.server.etcd.Alarms;
import io.metcd.server.etcd.CallCounts;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Services;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Pages;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The pages of one event loop. */
public final class Site implements Pages {
    private static final Page NOT_FOUND = Page.text(404, "404 page not found\n");
    private static final Page ONLY_GET = Page.onlyBy("GET");
    private static final Page ONLY_POST = Page.onlyBy("POST");
    private static final String EXCLUDE = "exclude=";
    private static final Page HEALTHY = Page.json(200, "{\"health\":\"true\",\"reason\":\"\"}");
    private static final Page VERSION = Page.json(
            200,
            "{\"etcdserver\":\"" + Versions.SERVER + "\",\"etcdcluster\":\"" + Versions.CLUSTER + "\",\"storage\":\""
                    + Versions.STORAGE + "\"}");

    private final ReplicaBridge replica;
    private final Metrics metrics;
    private final OperatorPages operators;
    private final SnapshotPage snapshots;
    private final RefoundPage refound;
    private final PilotPage pilot;

    /** The list of all loops may still grow; it is read when the metrics are asked for. */
    public Site(Services own, List<Services> all, CallCounts counts, Optional<Mesh> mesh) {
        this.replica = own.replica();
        this.metrics = new Metrics(own.replica(), all, counts);
        this.operators = new OperatorPages(own.replica(), mesh);
        this.snapshots = new SnapshotPage(own.replica());
        this.refound = new RefoundPage(own.replica());
        this.pilot = new PilotPage(own.replica());
    }

    @Override
    public void answer(Request request, Consumer<Answer> reply) {
        boolean get = request.method().equals("GET");
        switch (request.path()) {
            case "/health" -> {
                if (get) {
                    health(request.query(), reply);
                } else {
                    reply.accept(ONLY_GET);
                }
            }
            case "/version" -> reply.accept(get ? VERSION : ONLY_GET);
            case "/metrics" -> reply.accept(get ? metrics.page() : ONLY_GET);
            case "/metcd/v1/status" -> reply.accept(get ? operators.status() : ONLY_GET);
            case "/metcd/v1/snapshot" -> {
                if (get) {
                    snapshots.answer(request.query(), reply);
                } else {
                    reply.accept(ONLY_GET);
                }
            }
            case "/metcd/v1/refound" -> {
                if (request.method().equals("POST")) {
                    refound.answer(request.query(), reply);
                } else {
                    reply.accept(ONLY_POST);
                }
            }
            case "/metcd/v1/autopilot" -> {
                if (request.method().equals("POST")) {
                    pilot.answer(request.query(), reply);
                } else {
                    reply.accept(ONLY_POST);
                }
            }
            case "/metcd/v1/peers" -> reply.accept(get ? operators.peers() : ONLY_GET);
            default -> reply.accept(NOT_FOUND);
        }
    }

    /** Alarms, the leader, then a read behind a barrier, unless the caller is content with what this member knows. */
    private void health(String query, Consumer<Answer> reply) {
        List<String> wishes = List.of(query.split("&", -1));
        List<String> excluded = wishes.stream()
                .filter(wish -> wish.startsWith(EXCLUDE))
                .map(wish -> wish.substring(EXCLUDE.length()))
                .toList();
        Optional<String> ailment = Alarms.ailment(replica.root(), excluded);
        if (ailment.isPresent()) {
            reply.accept(unhealthy(ailment.get()));
        } else if (wishes.contains("serializable=true")) {
            reply.accept(HEALTHY);
        } else if (!replica.status().hasLeader()) {
            reply.accept(unhealthy("RAFT NO LEADER"));
        } else {
            replica.read(
                    Call.NO_DEADLINE,
                    root -> reply.accept(HEALTHY),
                    status -> reply.accept(unhealthy("RANGE ERROR:" + status.text())));
        }
    }

    private static Page unhealthy(String reason) {
        return Page.json(503, "{\"health\":\"false\",\"reason\":\"" + reason + "\"}");
    }
}
