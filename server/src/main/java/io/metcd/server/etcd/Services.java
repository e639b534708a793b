package io.metcd.server.etcd;

import io.metcd.base.RandomSource;
import io.metcd.node.Replica;
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
    private final Methods methods = new Methods();
    private final WatchService watches;
    private final ElectionService elections;

    public Services(Replica node, EventLoop loop, Limits limits, CallCounts counts) {
        this.replica = new ReplicaBridge(node, loop);
        RandomSource random = RandomSource.system();
        Headers headers = new Headers(replica);
        Admission admission = new Admission(replica);
        LeaderGuard leaders = new LeaderGuard(replica);
        Deletions deletions = new Deletions();
        Candidacy.Place place = new Candidacy.Place(replica, deletions, limits, random);
        this.watches = new WatchService(replica, headers, leaders, limits, random);
        this.elections = new ElectionService(place, headers);
        new KvService(replica, headers, limits).register(registry("etcdserverpb.KV", counts, admission), admission);
        watches.register(registry("etcdserverpb.Watch", counts, admission));
        new LeaseService(replica, headers, leaders, limits, random)
                .register(registry("etcdserverpb.Lease", counts, admission));
        new ClusterService(replica, headers).register(registry("etcdserverpb.Cluster", counts, admission));
        new MaintenanceService(replica, headers)
                .register(registry("etcdserverpb.Maintenance", counts, admission), admission);
        new AuthService(replica, headers).register(registry("etcdserverpb.Auth", counts, admission));
        new LockService(place, headers).register(registry("v3lockpb.Lock", counts, admission));
        elections.register(registry("v3electionpb.Election", counts, admission));
        new HealthService().register(registry("grpc.health.v1.Health", counts, admission));
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

    private Registry registry(String service, CallCounts counts, Admission admission) {
        return new Registry(service, methods, counts, admission::check);
    }
}
