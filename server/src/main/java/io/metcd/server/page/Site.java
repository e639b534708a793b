package io.metcd.server.page;

import io.metcd.embed.Relay;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.OperatorDoor;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Services;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Answer;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Pages;
import io.metcd.server.rpc.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The pages of one event loop, by path. */
public final class Site implements Pages {
    /** Below it everything is root's, once names are asked for. */
    private static final String OPERATORS = "/metcd/v1/";

    /** Of these, the ones that only say how this member is: they must answer also where nothing else does. */
    private static final List<String> LOOKS = List.of(OPERATORS + "status", OPERATORS + "peers");

    private final Map<String, Entry> entries = new HashMap<>();
    private final Page otherwise;

    /** One page. */
    @FunctionalInterface
    private interface Entry {
        void answer(Request request, Consumer<Answer> reply);
    }

    private Site(String otherwise) {
        this.otherwise = Page.text(404, otherwise);
    }

    /** Everything that a client port says to plain HTTP. */
    public static Site whole(Services services, Metrics metrics, HealthCounts counts, Optional<MeshEye> mesh) {
        ReplicaBridge replica = services.replica();
        Site site = ofMetrics(replica, metrics, counts);
        OperatorPages operators = new OperatorPages(replica, mesh);
        SnapshotPage snapshots = new SnapshotPage(replica);
        RefoundPage refound = new RefoundPage(replica);
        PilotPage pilot = new PilotPage(replica);
        site.get("/version", () -> version(replica.status()))
                .get("/debug/vars", new VarsPage(replica)::page)
                .get("/metcd/v1/status", operators::status)
                .get("/metcd/v1/peers", operators::peers)
                .add("/metcd/v1/snapshot", "GET", snapshots::answer)
                .add("/metcd/v1/refound", "POST", refound::answer)
                .add("/metcd/v1/autopilot", "POST", pilot::answer);
        return site.guarded(services.operators());
    }

    /** What a port for metrics says: those, and how the member is (contract: http.metrics.3). */
    public static Site ofMetrics(ReplicaBridge own, Metrics metrics, HealthCounts counts) {
        Site site = new Site("404 page not found\n");
        HealthPage health = new HealthPage(own, counts);
        site.entries.put("/metrics", (request, reply) -> reply.accept(metrics.page(own)));
        site.add("/health", "GET", health::answer);
        site.probes(own, counts, "livez", ProbePage.LIVE);
        site.probes(own, counts, "readyz", ProbePage.READY);
        return site;
    }

    /** What a relay says to plain HTTP, and it speaks nothing else. */
    public static Site ofRelay(Relay relay) {
        RelayPages pages = new RelayPages(relay);
        return new Site("404 page not found: this is a relay, which serves no clients\n")
                .get("/metcd/v1/status", pages::status)
                .get("/metcd/v1/peers", pages::peers)
                .get("/metrics", pages::metrics)
                .get("/livez", pages::probe)
                .get("/readyz", pages::probe);
    }

    /** For a port that speaks gRPC alone. */
    public static Site none(String elsewhere) {
        return new Site(elsewhere + "\n");
    }

    @Override
    public void answer(Request request, Consumer<Answer> reply) {
        Entry entry = entries.get(request.path());
        if (entry == null) {
            reply.accept(otherwise);
        } else {
            entry.answer(request, reply);
        }
    }

    /** A page with all of the checks, and one for each. */
    private void probes(ReplicaBridge replica, HealthCounts counts, String name, List<ProbePage.Check> checks) {
        probe("/" + name, new ProbePage(replica, counts, name, checks));
        for (ProbePage.Check check : checks) {
            probe("/" + name + "/" + check.label(), new ProbePage(replica, counts, name, List.of(check)));
        }
    }

    private void probe(String path, ProbePage page) {
        add(path, "GET", page::answer);
    }

    private Site guarded(OperatorDoor door) {
        entries.replaceAll((path, entry) -> path.startsWith(OPERATORS) ? guarded(path, entry, door) : entry);
        return this;
    }

    private static Entry guarded(String path, Entry entry, OperatorDoor door) {
        return (request, reply) -> {
            Runnable allowed = () -> entry.answer(request, reply);
            Consumer<Status> refused = refusal -> reply.accept(refused(refusal));
            if (LOOKS.contains(path)) {
                door.look(request, allowed, refused);
            } else {
                door.enter(request, allowed, refused);
            }
        };
    }

    /** What stands against a caller just now, whoever it is. */
    private static boolean isPassing(Code code) {
        return code == Code.UNAVAILABLE || code == Code.DEADLINE_EXCEEDED || code == Code.UNKNOWN;
    }

    private static Page refused(Status refusal) {
        if (isPassing(refusal.code())) {
            return Page.text(503, refusal.text() + "\n");
        }
        if (refusal.code() == Code.PERMISSION_DENIED) {
            return Page.text(403, refusal.text() + ": this page is for users with the role root\n");
        }
        String cure = ": this page is root's: send its name and password, or a token of it\n";
        return Page.text(401, refusal.text() + cure).with("www-authenticate", "Bearer realm=\"metcd\"");
    }

    private Site get(String path, Supplier<Answer> page) {
        return add(path, "GET", (query, reply) -> reply.accept(page.get()));
    }

    private Site add(String path, String method, BiConsumer<Query, Consumer<Answer>> page) {
        Page otherMethod = Page.onlyBy(method);
        entries.put(path, (request, reply) -> {
            if (request.method().equals(method)) {
                page.accept(Query.of(request.query()), reply);
            } else {
                reply.accept(otherMethod);
            }
        });
        return this;
    }

    private static Page version(ReplicaStatus status) {
        boolean founded = status.clusterId() != 0;
        return Page.json(
                200,
                new Json()
                        .put("etcdserver", Versions.SERVER)
                        .put("etcdcluster", founded ? Versions.CLUSTER : "not_decided")
                        .put("storage", founded ? Versions.STORAGE : "unknown")
                        .encode());
    }
}
