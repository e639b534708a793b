package io.metcd.server.page;

import io.metcd.node.ReplicaStatus;
import io.metcd.server.etcd.CallCounts;
import io.metcd.server.etcd.ReplicaBridge;
import io.metcd.server.etcd.Services;
import io.metcd.server.etcd.Versions;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Page;
import io.metcd.store.Root;
import java.util.List;

/**
 * The state of this member in the Prometheus text format, under etcd's own names. It is written by hand because some of
 * those names (gauges that end in {@code _total}) are refused by the usual libraries.
 */
final class Metrics {
    private final ReplicaBridge replica;
    private final List<Services> loops;
    private final CallCounts counts;

    Metrics(ReplicaBridge replica, List<Services> loops, CallCounts counts) {
        this.replica = replica;
        this.loops = loops;
        this.counts = counts;
    }

    Page page() {
        ReplicaStatus status = replica.status();
        Root root = replica.root();
        StringBuilder text = new StringBuilder(16 << 10);
        server(text, status);
        gauge(text, "etcd_server_quota_backend_bytes", "The quota of the store.", replica.quotaBytes());
        store(text, root);
        watches(text);
        calls(text);
        return new Page(200, "text/plain; version=0.0.4; charset=utf-8", text.toString());
    }

    private static void server(StringBuilder text, ReplicaStatus status) {
        ReplicaStatus.Counters counters = status.counters();
        gauge(text, "etcd_server_has_leader", "Whether a leader is known: 1 or 0.", status.hasLeader() ? 1 : 0);
        gauge(text, "etcd_server_is_leader", "Whether this member leads: 1 or 0.", status.isLeader() ? 1 : 0);
        counter(text, "etcd_server_leader_changes_seen_total", "Leader changes seen.", counters.leaderChanges());
        gauge(text, "etcd_server_proposals_committed_total", "Index of the last committed entry.", status.commit());
        gauge(text, "etcd_server_proposals_applied_total", "Index of the last applied entry.", status.applied());
        gauge(text, "etcd_server_proposals_pending", "Proposals under way.", counters.proposalsPending());
        counter(text, "etcd_server_proposals_failed_total", "Proposals without a result.", counters.proposalsFailed());
        head(text, "etcd_server_version", "The version of etcd this server answers as.", "gauge");
        text.append("etcd_server_version{server_version=\"")
                .append(Versions.SERVER)
                .append("\"} 1\n");
    }

    private static void store(StringBuilder text, Root root) {
        gauge(text, "etcd_mvcc_db_total_size_in_bytes", "Size of all readable versions.", root.dbSize());
        gauge(text, "etcd_mvcc_db_total_size_in_use_in_bytes", "Size of all readable versions.", root.dbSize());
        if (root.alarms().size() > 0) {
            head(text, "etcd_debugging_server_alarms", "Alarms that stand, by member and kind.", "gauge");
            root.alarms()
                    .list()
                    .forEach(alarm -> text.append("etcd_debugging_server_alarms{alarm_type=\"")
                            .append(alarm.kind())
                            .append("\",server_id=\"")
                            .append(Long.toHexString(alarm.member()))
                            .append("\"} 1\n"));
        }
        gauge(text, "etcd_debugging_mvcc_current_revision", "The revision of the store.", root.revision());
        gauge(text, "etcd_debugging_mvcc_compact_revision", "The compacted revision.", root.compactRevision());
    }

    private void watches(StringBuilder text) {
        int watches = 0;
        int streams = 0;
        for (Services services : loops) {
            watches += services.watchCount();
            streams += services.watchStreamCount();
        }
        gauge(text, "etcd_debugging_mvcc_watcher_total", "Watches of clients.", watches);
        gauge(text, "etcd_debugging_mvcc_watch_stream_total", "Streams with watches.", streams);
    }

    private void calls(StringBuilder text) {
        head(text, "grpc_server_started_total", "Calls begun.", "counter");
        for (CallCount count : counts.all()) {
            sample(text, "grpc_server_started_total", count, "", count.started());
        }
        head(text, "grpc_server_handled_total", "Calls ended, by status.", "counter");
        for (CallCount count : counts.all()) {
            for (Code code : Code.values()) {
                sample(
                        text,
                        "grpc_server_handled_total",
                        count,
                        "grpc_code=\"" + code.label() + "\",",
                        count.handled(code));
            }
        }
    }

    private static void sample(StringBuilder text, String name, CallCount count, String code, long value) {
        text.append(name).append('{').append(code);
        text.append("grpc_method=\"").append(count.method());
        text.append("\",grpc_service=\"").append(count.service());
        text.append("\",grpc_type=\"").append(count.kind().label());
        text.append("\"} ").append(value).append('\n');
    }

    private static void gauge(StringBuilder text, String name, String help, long value) {
        head(text, name, help, "gauge");
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void counter(StringBuilder text, String name, String help, long value) {
        head(text, name, help, "counter");
        text.append(name).append(' ').append(value).append('\n');
    }

    private static void head(StringBuilder text, String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
}
