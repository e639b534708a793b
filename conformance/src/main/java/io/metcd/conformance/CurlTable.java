package io.metcd.conformance;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** JSON over HTTP by curl through each member of a line, each with the answer that etcd gives. */
final class CurlTable {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int KILLED = 10;

    /** One thing done through one member; the base is {@code http://HOST:PORT}. */
    private interface Row {
        void run(String base, String member);
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private CurlTable() {
        rows.put("put, get, delete", CurlTable::keys);
        rows.put("errors in etcd's words", CurlTable::refusals);
        rows.put("leases: grant, keep-alive, revoke", CurlTable::lease);
        rows.put("watch that outlives its request", CurlTable::watch);
        rows.put("watches whose clients are killed", CurlTable::killed);
        rows.put("two requests on one connection", CurlTable::keepAlive);
        rows.put("health, livez, readyz, version", CurlTable::pages);
        rows.put("metrics", CurlTable::metrics);
    }

    static Findings play() {
        try (LineCluster cluster = LineCluster.start()) {
            return play(cluster::endpoint);
        }
    }

    /** The same against any cluster whose members are named a, b and c: a real etcd is the oracle of this table. */
    static Findings play(UnaryOperator<String> endpoints) {
        Map<String, Row> rows = new CurlTable().rows;
        rows.forEach((name, row) -> LineCluster.NAMES.forEach(member -> {
            String endpoint = endpoints.apply(member);
            row.run(endpoint.startsWith("http") ? endpoint : "http://" + endpoint, member);
        }));
        return new Findings("curl", version(), LineCluster.NAMES, List.copyOf(rows.keySet()));
    }

    private static String version() {
        return CommandLine.must("curl", "--version").split(" ", -1)[1];
    }

    private static void keys(String base, String member) {
        String key = base64("curl/" + member);
        contains(
                post(base, "/v3/kv/put", "{\"key\":\"" + key + "\",\"value\":\"djE\"}"),
                "{\"header\":{\"cluster_id\":\"");
        contains(post(base, "/v3beta/kv/range", "{\"key\":\"" + key + "\"}"), "\"value\":\"djE=\"", "\"count\":\"1\"");
        contains(
                post(base, "/v3/kv/deleterange", "{\"key\":\"" + key + "\",\"prevKv\":true}"),
                "\"deleted\":\"1\"",
                "\"prev_kvs\":[");
    }

    private static void refusals(String base, String member) {
        contains(
                post(base, "/v3/kv/txn", "{\"success\":[{\"request_foo\":{}}]}"),
                "\"code\":3",
                "\"message\":\"etcdserver: key not found\"");
        contains(
                post(base, "/v3/kv/compaction", "{\"revision\":\"99999999\"}"),
                "\"code\":11",
                "\"message\":\"etcdserver: mvcc: required revision is a future revision\"");
        contains(post(base, "/v3/kv/range", "{\"key\":"), "\"code\":3", "\"message\":\"unexpected EOF\"");
        contains(post(base, "/v3/kv/range", "{\"key\":\"***\"}"), "invalid value for bytes field key");
        contains(post(base, "/v3/" + member, "{}"), "\"code\":5", "\"message\":\"Not Found\"");
        check(curl("-o", "/dev/null", "-w", "%{http_code}", base + "/v3/kv/put").equals("501"), "GET is refused");
    }

    private static void lease(String base, String member) {
        String id = Integer.toString(7000 + member.charAt(0));
        contains(
                post(base, "/v3/lease/grant", "{\"TTL\":60,\"ID\":" + id + "}"),
                "\"ID\":\"" + id + "\"",
                "\"TTL\":\"60\"");
        String alive = post(base, "/v3/lease/keepalive", "{\"ID\":\"" + id + "\"}");
        contains(alive, "{\"result\":{\"header\":{", "\"TTL\":\"60\"");
        check(alive.lines().count() == 1, "one answer: " + alive);
        contains(post(base, "/v3/kv/lease/revoke", "{\"ID\":\"" + id + "\"}"), "{\"header\":{");
        check(
                !post(base, "/v3/lease/keepalive", "{\"ID\":\"" + id + "\"}").contains("TTL"),
                "an ended lease has no TTL");
    }

    private static void watch(String base, String member) {
        String key = base64("watched/" + member);
        try (Member curl = watching(base, member, key)) {
            curl.awaitOutput("\"created\":true", SOON);
            post(base, "/v3/kv/put", "{\"key\":\"" + key + "\",\"value\":\"b25l\"}");
            curl.awaitOutput("\"value\":\"b25l\"", SOON);
            post(base, "/v3/kv/deleterange", "{\"key\":\"" + key + "\"}");
            curl.awaitOutput("\"type\":\"DELETE\"", SOON);
            check(curl.alive(), "the watch goes on");
        }
    }

    private static void killed(String base, String member) {
        for (int round = 0; round < KILLED; round++) {
            try (Member curl = watching(base, member, base64("killed/" + member))) {
                curl.awaitOutput("\"created\":true", SOON);
                curl.kill();
            }
        }
        Waiting.until(
                "no watch is left",
                SOON,
                () -> curl(base + "/metrics"),
                () -> curl(base + "/metrics").contains("\netcd_debugging_mvcc_watcher_total 0\n"));
        contains(post(base, "/v3/maintenance/status", "{}"), "\"version\":\"3.");
    }

    private static void keepAlive(String base, String member) {
        String said = curl(
                "-o",
                "/dev/null",
                "-o",
                "/dev/null",
                "-w",
                "%{num_connects} ",
                "-d",
                "{\"key\":\"YQ==\"}",
                base + "/v3/kv/range",
                base + "/v3/kv/range");
        check(said.strip().equals("1 0"), "the second request needs no connection of its own: " + said);
    }

    private static void pages(String base, String member) {
        check(curl(base + "/health").equals("{\"health\":\"true\",\"reason\":\"\"}"), "health");
        check(curl(base + "/livez").equals("ok\n"), "livez");
        contains(curl(base + "/readyz?verbose"), "[+]linearizable_read ok\n", "[+]data_corruption ok\n", "\nok\n");
        contains(curl(base + "/version"), "{\"etcdserver\":\"3.", "\"etcdcluster\":\"3.", "\"storage\":\"3.");
        check(
                curl("-X", "POST", "-o", "/dev/null", "-w", "%{http_code}", base + "/health")
                        .equals("405"),
                "health is only got");
    }

    private static void metrics(String base, String member) {
        contains(
                curl(base + "/metrics"),
                "\netcd_server_has_leader 1\n",
                "# TYPE etcd_disk_wal_fsync_duration_seconds histogram\n",
                "\netcd_network_peer_sent_bytes_total{To=\"",
                "grpc_server_handled_total{grpc_code=\"OK\",grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\"");
    }

    /** A curl that watches a key; its body has ended. */
    private static Member watching(String base, String member, String key) {
        return Member.start(
                "curl-" + member,
                List.of("curl", "-sN", "-d", "{\"create_request\":{\"key\":\"" + key + "\"}}", base + "/v3/watch"));
    }

    /** Without the blanks that etcd puts behind commas at random. */
    private static String post(String base, String path, String body) {
        return curl("-d", body, base + path).replace(", \"", ",\"").replace(", {", ",{");
    }

    private static String curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "20"));
        command.addAll(Arrays.asList(arguments));
        return CommandLine.must(command.toArray(String[]::new));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void contains(String text, String... parts) {
        for (String part : parts) {
            check(text.contains(part), "expected " + part + " in:\n" + text);
        }
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }
}
