package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams by JSON (contract: json.5). */
class GatewayStreamTest {
    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    @Test
    void aWatchGoesOnAfterTheEndOfItsBody() {
        // contract: json.5
        try (Http watch = watch("on", "")) {
            etcd.put("on", "1");
            String first = watch.nextChunk();
            etcd.put("on", "2");
            etcd.delete("on");

            assertThat(first)
                    .startsWith("{\"result\":{\"header\":{\"cluster_id\":\"")
                    .endsWith("\"version\":\"1\",\"value\":\"MQ==\"}}]}}\n");
            assertThat(watch.nextChunk()).endsWith("\"version\":\"2\",\"value\":\"Mg==\"}}]}}\n");
            assertThat(watch.nextChunk())
                    .contains("\"events\":[{\"type\":\"DELETE\",\"kv\":{\"key\":\"b24=\",\"mod_revision\":\"");
        }
    }

    @Test
    void requestsMayFollowEachOtherInOneBodyThatStaysOpen() {
        // contract: json.5
        try (Http watch = new Http(port())) {
            watch.beginChunks("/v3/watch");
            watch.chunk("{\"create_request\":{\"key\":\"b25l\",\"watch_id\":1}}{\"create_requ");
            assertThat(watch.head().status()).isEqualTo(200);
            assertThat(watch.nextChunk()).endsWith("\"watch_id\":\"1\",\"created\":true}}\n");

            watch.chunk("est\":{\"key\":\"dHdv\",\"watch_id\":\"2\"}}\n");
            assertThat(watch.nextChunk()).endsWith("\"watch_id\":\"2\",\"created\":true}}\n");

            watch.chunk("{\"cancel_request\":{\"watch_id\":1}}");
            assertThat(watch.nextChunk()).endsWith("\"watch_id\":\"1\",\"canceled\":true}}\n");
        }
    }

    @Test
    void aRefusedWatchIsAResultAndTheFirstWatchHasNoNumber() {
        // contract: json.5
        try (Http watch = new Http(port())) {
            post(watch, "/v3/watch", "{\"create_request\":{\"key\":\"Zm9v\",\"start_revision\":\"-1\"}}");
            assertThat(watch.head().status()).isEqualTo(200);
            assertThat(watch.nextChunk())
                    .contains("\"created\":true,\"canceled\":true,\"cancel_reason\":\"etcdserver: mvcc: required")
                    .startsWith("{\"result\":{");
        }
        try (Http watch = watch("numberless", "")) {
            etcd.put("numberless", "1");
            assertThat(watch.nextChunk()).doesNotContain("watch_id");
        }
    }

    @Test
    void aKeepAliveAnswersOnceAndEnds() {
        // contract: json.5
        etcd.grant(71, 20);

        Http.Answer alive = Http.post(port(), "/v3/lease/keepalive", "{\"ID\":\"71\"}");
        Http.Answer ended = Http.post(port(), "/v3/lease/keepalive", "{\"ID\":\"404\"}");
        Http.Answer three = Http.post(port(), "/v3/lease/keepalive", "{\"ID\":71}{\"ID\":71}\n{\"ID\":72}");

        assertThat(alive.status()).isEqualTo(200);
        assertThat(alive.header("content-type")).isEqualTo("application/json");
        assertThat(alive.body()).startsWith("{\"result\":{\"header\":{").endsWith("},\"ID\":\"71\",\"TTL\":\"20\"}}\n");
        assertThat(ended.body()).endsWith("},\"ID\":\"404\"}}\n");
        assertThat(three.body().lines()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ID\":\"x\"}", "{\"ID\":7", "nonsense", "[]"})
    void aFirstRequestThatIsNoneIsRefusedAtOnce(String body) {
        // contract: json.5, diff.13
        Http.Answer answer = Http.post(port(), "/v3/lease/keepalive", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .startsWith("{\"error\":{\"grpc_code\":3,\"http_code\":400,\"code\":3,\"message\":\"")
                .endsWith("\",\"http_status\":\"Bad Request\"}}\n");
    }

    @Test
    void whatIsWrongLaterOnlyEndsTheRequests() {
        // contract: json.5
        etcd.grant(73, 20);

        Http.Answer answer = Http.post(port(), "/v3/lease/keepalive", "{\"ID\":\"73\"}]{\"ID\":\"73\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().lines()).hasSize(1);
        try (Http watch = watch("later", "", " nonsense")) {
            etcd.put("later", "1");
            assertThat(watch.nextChunk()).contains("\"value\":\"MQ==\"");
        }
    }

    @Test
    void anElectionIsObservedLineByLine() {
        // contract: json.5, election.3
        etcd.grant(74, 60);
        String campaign = "{\"name\":\"ZWxlY3Q=\",\"lease\":\"74\",\"value\":\"bWU=\"}";
        assertThat(Http.post(port(), "/v3/election/campaign", campaign).body())
                .contains("\"leader\":{\"name\":\"ZWxlY3Q=\"");

        try (Http observer = new Http(port())) {
            post(observer, "/v3/election/observe", "{\"name\":\"ZWxlY3Q=\"}");
            assertThat(observer.head().status()).isEqualTo(200);
            assertThat(observer.nextChunk())
                    .startsWith("{\"result\":{\"header\":{")
                    .contains("\"value\":\"bWU=\"");
        }
    }

    @Test
    void anEmptyBodyIsAnEmptyRequestForAMethodWithOneRequest() {
        // contract: json.5
        etcd.grant(75, 60);
        Http.post(port(), "/v3/election/campaign", "{\"lease\":\"75\",\"value\":\"bWU=\"}");

        try (Http observer = new Http(port())) {
            post(observer, "/v3/election/observe", "");
            assertThat(observer.head().status()).isEqualTo(200);
            assertThat(observer.nextChunk()).contains("\"value\":\"bWU=\"");
        }
    }

    @Test
    void clientsThatAreKilledLeaveNothing() {
        // contract: json.5
        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 0");
        for (int round = 0; round < 30; round++) {
            List<Http> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(watch("killed", ""));
            }
            clients.forEach(Http::close);
        }

        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 0");
        Metric.await(etcd, "etcd_debugging_mvcc_watch_stream_total 0");
        assertThat(Http.post(port(), "/v3/kv/range", "{\"key\":\"Zm9v\"}").status())
                .isEqualTo(200);
    }

    @Test
    void aClientThatReadsSlowlyGetsEverythingInOrder() {
        // contract: json.5
        String value = "v".repeat(100_000);
        int count = 200;
        try (Http watch = watch("slow", "")) {
            for (int i = 0; i < count; i++) {
                etcd.put("slow", i + " " + value);
            }
            int next = 0;
            while (next < count) {
                for (String event : watch.nextChunk().split("\"value\":\"", -1)) {
                    String begin = event.startsWith("{") ? "" : event.substring(0, Math.min(8, event.length()));
                    if (!begin.isEmpty()) {
                        assertThat(new String(Base64.getDecoder().decode(begin), StandardCharsets.UTF_8))
                                .startsWith(next + " ");
                        next++;
                    }
                }
            }
        }
    }

    private static Http watch(String key, String more) {
        return watch(key, more, "");
    }

    /** A watch whose body has ended and which has been created. */
    private static Http watch(String key, String more, String tail) {
        Http http = new Http(port());
        String name = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        post(http, "/v3/watch", "{\"create_request\":{\"key\":\"" + name + "\"" + more + "}}" + tail);
        assertThat(http.head().status()).isEqualTo(200);
        assertThat(http.nextChunk()).startsWith("{\"result\":{\"header\":{").endsWith("},\"created\":true}}\n");
        return http;
    }

    private static void post(Http http, String path, String body) {
        http.begin("POST", path, "Content-Length: " + body.length() + "\r\n");
        http.send(body);
    }

    private static int port() {
        return etcd.server().port();
    }
}
