package io.metcd.server.page;

import static io.metcd.server.page.Exposition.label;

import io.metcd.journal.file.FileDisk;
import io.metcd.mesh.Mesh;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.CallCounts;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Services;
import io.metcd.server.etcd.StoreTraffic;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.Page;
import io.metcd.store.Root;
import java.util.List;
import java.util.Optional;

/**
 * The state of this member in the Prometheus text format, under etcd's own names where metcd has what they mean, and
 * under {@code metcd_} where etcd has no such thing (contract: http.metrics.*). All of it is read from immutable views
 * and from counters: a scrape waits for nobody.
 */
public final class Metrics {
    static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Sources sources;

    /**
     * Where the figures come from; all event loops of a server share them.
     *
     * @param loops may still grow
     * @param extensive whether the times of calls are told
     */
    public record Sources(
            List<Services> loops,
            CallCounts counts,
            HealthCounts health,
            StoreTraffic traffic,
            ClientLoad clients,
            Optional<Mesh> mesh,
            Optional<PeerRoundTrips> roundTrips,
            Optional<FileDisk> disk,
            boolean extensive) {}

    public Metrics(Sources sources) {
        this.sources = sources;
    }

    Page page(ReplicaBridge replica) {
        ReplicaStatus status = replica.status();
        Root root = replica.root();
        Exposition text = new Exposition();
        server(text, status, replica.quotaBytes());
        health(text);
        store(text, root);
        watches(text);
        new CallMetrics(text, sources.counts()).write(sources.extensive());
        sources.mesh()
                .ifPresent(
                        mesh -> new MeshMetrics(text, status.memberId(), mesh.topology()).write(sources.roundTrips()));
        DiskMetrics.write(text, sources.disk());
        ProcessMetrics.write(text);
        OwnMetrics.write(text, status, root);
        sources.clients().write(text);
        return new Page(200, TYPE, text.toString());
    }

    private static void server(Exposition text, ReplicaStatus status, long quotaBytes) {
        ReplicaStatus.Counters counters = status.counters();
        boolean learner = status.role() == ReplicaStatus.Role.LEARNER;
        text.gauge("etcd_server_has_leader", "Whether a leader is known: 1 or 0.", one(status.hasLeader()))
                .gauge("etcd_server_is_leader", "Whether this member leads: 1 or 0.", one(status.isLeader()))
                .gauge("etcd_server_is_learner", "Whether this member is a learner: 1 or 0.", one(learner))
                .counter("etcd_server_leader_changes_seen_total", "Leader changes seen.", counters.leaderChanges())
                .gauge("etcd_server_proposals_committed_total", "Index of the last committed entry.", status.commit())
                .gauge("etcd_server_proposals_applied_total", "Index of the last applied entry.", status.applied())
                .gauge("etcd_server_proposals_pending", "Proposals under way.", counters.proposalsPending())
                .counter(
                        "etcd_server_proposals_failed_total", "Proposals without a result.", counters.proposalsFailed())
                .gauge("etcd_server_quota_backend_bytes", "The quota of the store.", quotaBytes)
                .family("etcd_server_version", "gauge", "The version of etcd this server answers as.")
                .sample("etcd_server_version", label("server_version", Versions.SERVER), 1);
        if (status.clusterId() != 0) {
            String version = Versions.CLUSTER.substring(0, Versions.CLUSTER.lastIndexOf('.'));
            text.family("etcd_cluster_version", "gauge", "The version of etcd that the cluster goes by.")
                    .sample("etcd_cluster_version", label("cluster_version", version), 1)
                    .family("etcd_server_id", "gauge", "The id of this member, as a label.")
                    .sample("etcd_server_id", label("server_id", Long.toHexString(status.memberId())), 1);
        }
        text.counter(
                "etcd_debugging_server_lease_expired_total",
                "Leases that this member, leading, found to have ended.",
                counters.leasesExpired());
    }

    private void health(Exposition text) {
        HealthCounts health = sources.health();
        text.counter("etcd_server_health_success", "Answers of /health that were good.", health.healthy())
                .counter("etcd_server_health_failures", "Answers of /health that were not.", health.unhealthy());
        text.family("etcd_server_healthcheck", "gauge", "How a check ended last: 1 for well, 0 for not.");
        health.checks()
                .forEach((key, results) -> text.sample(
                        "etcd_server_healthcheck",
                        label("name", key.check()) + "," + label("type", key.page()),
                        one(results.lastOk())));
        text.family("etcd_server_healthchecks_total", "counter", "Checks, by their end.");
        health.checks().forEach((key, results) -> {
            String end = "," + label("type", key.page());
            String name = label("name", key.check()) + ",status=";
            text.sample("etcd_server_healthchecks_total", name + "\"success\"" + end, results.successes())
                    .sample("etcd_server_healthchecks_total", name + "\"error\"" + end, results.errors());
        });
    }

    private void store(Exposition text, Root root) {
        StoreTraffic traffic = sources.traffic();
        text.gauge("etcd_mvcc_db_total_size_in_bytes", "Size of all readable versions.", root.dbSize())
                .gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "Size of all readable versions.", root.dbSize())
                .counter("etcd_mvcc_put_total", "Keys put, by whichever member.", traffic.puts())
                .counter("etcd_mvcc_delete_total", "Keys deleted, by whichever member.", traffic.deletes())
                .gauge(
                        "etcd_debugging_mvcc_total_put_size_in_bytes",
                        "Bytes of keys and values put.",
                        traffic.putBytes())
                .gauge(
                        "etcd_debugging_mvcc_keys_total",
                        "Keys that are there.",
                        root.keyspace().live().size())
                .gauge("etcd_debugging_mvcc_current_revision", "The revision of the store.", root.revision())
                .gauge("etcd_debugging_mvcc_compact_revision", "The compacted revision.", root.compactRevision())
                .gauge(
                        "etcd_debugging_auth_revision",
                        "The revision of users and roles.",
                        root.auth().revision());
        if (root.alarms().size() > 0) {
            text.family("etcd_debugging_server_alarms", "gauge", "Alarms that stand, by member and kind.");
            root.alarms()
                    .list()
                    .forEach(alarm -> text.sample(
                            "etcd_debugging_server_alarms",
                            label("alarm_type", alarm.kind().name()) + ","
                                    + label("server_id", Long.toHexString(alarm.member())),
                            1));
        }
    }

    private void watches(Exposition text) {
        int watches = 0;
        int streams = 0;
        for (Services services : sources.loops()) {
            watches += services.watchCount();
            streams += services.watchStreamCount();
        }
        text.gauge("etcd_debugging_mvcc_watcher_total", "Watches of clients.", watches)
                .gauge("etcd_debugging_mvcc_watch_stream_total", "Streams with watches.", streams);
    }

    private static int one(boolean holds) {
        return holds ? 1 : 0;
    }
}
