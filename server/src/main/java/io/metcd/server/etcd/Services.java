package io.metcd.server.etcd;

import io.metcd.base.RandomSource;
import io.metcd.node.Replica;
import io.metcd.server.auth.Logins;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Methods;

/**
 * All services of one event loop, wired:
 *
 * <pre>
 *   Methods ── KvService, LeaseService, ClusterService, … ──► ReplicaBridge ──► replica
 *                 WatchService ◄─┐                                │
 *                 Deletions    ◄─┼───────── turns ────────────────┘
 *                 Observations ◄─┘
 * </pre>
 */
public final class Services {
    private final ReplicaBridge replica;
    private final OperatorDoor operators;
    private final Methods methods = new Methods();
    private final WatchService watches;
    private final ElectionService elections;

    /** What the event loops of one server share. */
    public record Shared(Replica node, Limits limits, CallCounts counts, Logins logins) {}

    public Services(Shared shared, EventLoop loop) {
        Replica node = shared.node();
        Limits limits = shared.limits();
        CallCounts counts = shared.counts();
        this.replica = new ReplicaBridge(node, loop);
        RandomSource random = RandomSource.system();
        Headers headers = new Headers(replica);
        Admission admission = new Admission(replica);
        Doorman doorman = new Doorman(replica, shared.logins().tokens());
        Registry.Gates gates = new Registry.Gates(admission::check, doorman);
        LeaderGuard leaders = new LeaderGuard(replica);
        Deletions deletions = new Deletions();
        Candidacy.Place place = new Candidacy.Place(replica, doorman, deletions, limits, random);
        this.watches = new WatchService(place, headers, leaders);
        this.elections = new ElectionService(place, headers);
        new KvService(replica, doorman, headers, limits)
                .register(registry("etcdserverpb.KV", counts, gates), admission);
        watches.register(registry("etcdserverpb.Watch", counts, gates));
        new LeaseService(place, headers, leaders).register(registry("etcdserverpb.Lease", counts, gates));
        new ClusterService(replica, doorman, headers).register(registry("etcdserverpb.Cluster", counts, gates));
        new MaintenanceService(replica, doorman, headers)
                .register(registry("etcdserverpb.Maintenance", counts, gates), admission);
        Authentication authentication = new Authentication(replica, headers, shared.logins());
        this.operators = new OperatorDoor(replica, doorman, authentication);
        new AuthService(replica, doorman, headers, authentication)
                .register(registry("etcdserverpb.Auth", counts, gates));
        new LockService(place, headers).register(registry("v3lockpb.Lock", counts, gates));
        elections.register(registry("v3electionpb.Election", counts, gates));
        new HealthService().register(registry("grpc.health.v1.Health", counts, gates));
        replica.onTurn(deletions::onTurn);
        replica.start();
    }

    public Methods methods() {
        return methods;
    }

    /** The same methods, by their paths of JSON. */
    public JsonPaths json() {
        return GatewayPaths.of(methods);
    }

    public ReplicaBridge replica() {
        return replica;
    }

    /** Who gets to the pages for operators. */
    public OperatorDoor operators() {
        return operators;
    }

    /** The watches that exist on this loop. */
    public int watchCount() {
        return watches.watchCount();
    }

    public int watchStreamCount() {
        return watches.streamCount();
    }

    /** Ends what would never end by itself, so that the rest can be waited for. On the loop. */
    public void endStreams() {
        watches.endAll(Errors.SERVER_STOPPED);
        elections.endAll();
    }

    /** Hears the replica no more. */
    public void stop() {
        replica.stop();
    }

    private Registry registry(String service, CallCounts counts, Registry.Gates gates) {
        return new Registry(service, methods, counts, gates);
    }
}
