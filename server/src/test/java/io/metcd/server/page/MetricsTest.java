package io.metcd.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.embed.Metcd;
import io.metcd.server.EtcdServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.Telemetry;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import io.metcd.server.testing.Watcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metrics (contract: http.metrics.*). */
class MetricsTest {
    /** Families that etcd's published dashboards and alerts use, with their types. */
    private static final Map<String, String> USED = Map.ofEntries(
            Map.entry("etcd_server_has_leader", "gauge"),
            Map.entry("etcd_server_leader_changes_seen_total", "counter"),
            Map.entry("etcd_server_proposals_committed_total", "gauge"),
            Map.entry("etcd_server_proposals_applied_total", "gauge"),
            Map.entry("etcd_server_proposals_pending", "gauge"),
            Map.entry("etcd_server_proposals_failed_total", "counter"),
            Map.entry("etcd_server_quota_backend_bytes", "gauge"),
            Map.entry("etcd_mvcc_db_total_size_in_bytes", "gauge"),
            Map.entry("etcd_mvcc_db_total_size_in_use_in_bytes", "gauge"),
            Map.entry("etcd_disk_wal_fsync_duration_seconds", "histogram"),
            Map.entry("etcd_disk_backend_commit_duration_seconds", "histogram"),
            Map.entry("etcd_network_client_grpc_received_bytes_total", "counter"),
            Map.entry("etcd_network_client_grpc_sent_bytes_total", "counter"),
            Map.entry("etcd_network_peer_sent_bytes_total", "counter"),
            Map.entry("etcd_network_peer_received_bytes_total", "counter"),
            Map.entry("etcd_network_peer_sent_failures_total", "counter"),
            Map.entry("etcd_network_peer_round_trip_time_seconds", "histogram"),
            Map.entry("grpc_server_started_total", "counter"),
            Map.entry("grpc_server_handled_total", "counter"),
            Map.entry("process_resident_memory_bytes", "gauge"));

    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start(ServerOptions.port(0).withTelemetry(new Telemetry(Duration.ofMillis(300), true)));
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @Test
    void everyFamilyThatDashboardsUseIsThereWithItsType() {
        // contract: http.metrics.2
        Map<String, String> types = new TreeMap<>();
        page().lines().filter(line -> line.startsWith("# TYPE ")).forEach(line -> {
            String[] words = line.split(" ", -1);
            assertThat(types.put(words[2], words[3])).as("twice: " + line).isNull();
        });

        assertThat(types).containsAllEntriesOf(USED);
    }

    @Test
    void whatClientsHoldIsToldWhileTheyHoldIt() {
        // contract: http.metrics.5, wire.port.8
        try (Watcher watcher = etcd.watcher()) {
            watcher.created(Watcher.key("x"));

            assertThat(page()).containsPattern("\nmetcd_client_connections [1-9]");
            assertThat(page()).containsPattern("\nmetcd_open_calls_bytes [1-9]\\d{3}\n");
            assertThat(page()).contains("\nmetcd_json_answers_bytes 0\n");
        }
        String later = page();
        for (long end = System.nanoTime() + 10_000_000_000L; !later.contains("\nmetcd_open_calls_bytes 0\n"); ) {
            assertThat(System.nanoTime()).as(later).isLessThan(end);
            later = page();
        }
    }

    @Test
    void everyLineIsASampleOrSaysWhatFollows() {
        // contract: http.metrics.1
        assertThat(page().lines())
                .allMatch(line -> line.matches("# (HELP|TYPE) [a-z_]+ .+")
                        || line.matches("[a-z_]+(\\{([a-zA-Z_]+=\"([^\"\\\\]|\\\\.)*\",?)+})? -?[0-9.]+"));
    }

    @Test
    void aSeriesForEveryMethodAndEndIsThereBeforeTheFirstCall() {
        // contract: http.metrics.4
        assertThat(page())
                .contains(
                        "grpc_server_started_total{grpc_method=\"MoveLeader\",grpc_service=\"etcdserverpb.Maintenance\",grpc_type=\"unary\"} 0\n",
                        "grpc_server_handled_total{grpc_code=\"ResourceExhausted\",grpc_method=\"Snapshot\",grpc_service=\"etcdserverpb.Maintenance\",grpc_type=\"server_stream\"} 0\n",
                        "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Watch\",grpc_service=\"etcdserverpb.Watch\",grpc_type=\"bidi_stream\"} 0\n",
                        "grpc_server_handling_seconds_bucket{grpc_method=\"MoveLeader\",grpc_service=\"etcdserverpb.Maintenance\",grpc_type=\"unary\",le=\"0.005\"} 0\n");
    }

    @Test
    void callsAreCountedWithTheirBytesByWhicheverWayTheyCome() {
        // contract: http.metrics.4
        String range = "{grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"}";
        long before = value("grpc_server_msg_received_total" + range);
        long bytes = value("etcd_network_client_grpc_received_bytes_total");
        long ranges = value("etcd_mvcc_range_total");

        RangeRequest request = Etcd.rangeRequest("foo").build();
        etcd.client()
                .call("etcdserverpb.KV/Range", request, RangeResponse.parser(), Map.of("client-api-version", "3.9"));
        Http.post(etcd.server().port(), "/v3/kv/range", "{\"key\":\"Zm9v\"}");

        assertThat(value("grpc_server_msg_received_total" + range)).isEqualTo(before + 2);
        assertThat(value("grpc_server_handling_seconds_count" + range)).isEqualTo(before + 2);
        assertThat(value("etcd_mvcc_range_total")).isEqualTo(ranges + 2);
        assertThat(value("etcd_network_client_grpc_received_bytes_total"))
                .isEqualTo(bytes + 2L * request.getSerializedSize());
        assertThat(value("etcd_server_client_requests_total{client_api_version=\"3.9\",type=\"unary\"}"))
                .isEqualTo(1);
    }

    @Test
    void putsAndDeletesAreCountedAndKeysAreThere() {
        // contract: http.metrics.1
        long puts = value("etcd_mvcc_put_total");
        long deletes = value("etcd_mvcc_delete_total");
        long keys = value("etcd_debugging_mvcc_keys_total");

        etcd.put("counted", "1");
        etcd.put("counted", "2");
        etcd.put("also counted", "1");
        etcd.delete("counted");

        await("etcd_mvcc_delete_total", deletes + 1);
        assertThat(value("etcd_mvcc_put_total")).isEqualTo(puts + 3);
        assertThat(value("etcd_debugging_mvcc_keys_total")).isEqualTo(keys + 1);
        assertThat(value("etcd_mvcc_db_total_size_in_bytes")).isLessThan(value("etcd_server_quota_backend_bytes"));
    }

    @Test
    void whatTheDiskCostsIsCountedForAMemberThatHasOne(@TempDir Path directory) throws IOException {
        // contract: http.metrics.2
        assertThat(page()).contains("etcd_disk_wal_fsync_duration_seconds_count 0\n");
        try (Metcd durable = Metcd.builder()
                        .name("a")
                        .founders("a")
                        .noListen()
                        .durable(directory)
                        .start();
                EtcdServer server = EtcdServer.open(durable, 0)) {
            assertThat(durable.awaitReady(Duration.ofSeconds(30))).isTrue();
            durable.kv().put("a", "1");
            String page = Http.get(server.port(), "/metrics").body();

            assertThat(page)
                    .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"0.001\"} ")
                    .contains("etcd_disk_wal_fsync_duration_seconds_bucket{le=\"8.192\"} ")
                    .doesNotContain("etcd_disk_wal_fsync_duration_seconds_count 0\n")
                    .doesNotContain("etcd_disk_wal_write_bytes_total 0\n");
        }
    }

    @Test
    void checksAreCountedByTheirEnd() {
        // contract: http.metrics.1
        Http.get(etcd.server().port(), "/health");
        Http.get(etcd.server().port(), "/livez");

        assertThat(value("etcd_server_health_success")).isPositive();
        assertThat(value("etcd_server_healthcheck{name=\"serializable_read\",type=\"livez\"}"))
                .isEqualTo(1);
        assertThat(value(
                        "etcd_server_healthchecks_total{name=\"serializable_read\",status=\"success\",type=\"livez\"}"))
                .isPositive();
    }

    @Test
    void aVersionThatAClientInventedCannotBreakThePage() {
        // contract: http.metrics.1
        RangeRequest request = Etcd.rangeRequest("foo").build();
        etcd.client()
                .call(
                        "etcdserverpb.KV/Range",
                        request,
                        RangeResponse.parser(),
                        Map.of("client-api-version", "a\"b\\c"));
        for (int i = 0; i < 300; i++) {
            etcd.client()
                    .call(
                            "etcdserverpb.KV/Range",
                            request,
                            RangeResponse.parser(),
                            Map.of("client-api-version", "v" + i));
        }
        List<String> lines = page().lines()
                .filter(line -> line.startsWith("etcd_server_client_requests_total{"))
                .toList();

        assertThat(lines).anyMatch(line -> line.contains("client_api_version=\"a\\\"b\\\\c\""));
        assertThat(lines).hasSizeLessThan(120).anyMatch(line -> line.contains("\"others\""));
    }

    private static void await(String series, long expected) {
        for (int i = 0; i < 1000 && value(series) != expected; i++) {
            Thread.onSpinWait();
        }
        assertThat(value(series)).isEqualTo(expected);
    }

    private static long value(String series) {
        return page().lines()
                .filter(line -> line.startsWith(series + " "))
                .map(line -> Long.parseLong(line.substring(series.length() + 1)))
                .findFirst()
                .orElse(0L);
    }

    private static String page() {
        return Http.get(etcd.server().port(), "/metrics").body();
    }
}
