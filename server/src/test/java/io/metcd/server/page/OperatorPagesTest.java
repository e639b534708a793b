package io.metcd.server.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.node.autopilot.Mode;
import io.metcd.server.ServerOptions;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.Http;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What operators ask of a member and tell it, over HTTP. */
class OperatorPagesTest {
    private static Etcd etcd;

    @BeforeAll
    static void start() {
        etcd = Etcd.start(ServerOptions.port(0), member -> member.autopilot(Mode.ON));
    }

    @AfterAll
    static void stop() {
        etcd.close();
    }

    /** contract: http.metcd.1 */
    @Test
    void aMemberTellsOfItselfAndOfItsMesh() {
        etcd.put("k", "v");
        String state = "\"applied\":" + etcd.replica().root().appliedIndex() + ",\"stateHash\":\""
                + Long.toHexString(etcd.replica().root().stateHash()) + "\"";

        assertThat(status()).contains("\"name\":\"a\"", "\"role\":\"LEADER\"", "\"ready\":true", state);
        assertThat(get("/metcd/v1/peers").body())
                .startsWith("{\"id\":\"")
                .contains("\"name\":\"a\"", "\"links\":[]", "\"edges\":[]", "\"refused\":[]", "\"events\":[")
                .contains("\"counters\":{\"datagramsSent\":");
    }

    /** contract: http.autopilot.1 */
    @Test
    void theAutopilotObeysAndSaysSo() {
        assertThat(status()).contains("\"autopilot\":\"on\"");

        assertThat(post("/metcd/v1/autopilot?switch=pause").body()).isEqualTo("{\"switch\":\"PAUSED\"}\n");
        awaitStatus("\"autopilot\":\"paused\"");
        assertThat(post("/metcd/v1/autopilot?switch=dry-run").status()).isEqualTo(200);
        awaitStatus("\"autopilot\":\"dry-run\"");
        assertThat(post("/metcd/v1/autopilot?switch=resume").status()).isEqualTo(200);
        awaitStatus("\"autopilot\":\"on\"");

        Http.Answer wrong = post("/metcd/v1/autopilot?switch=up");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body()).contains("say ?switch=pause, ?switch=dry-run or ?switch=resume");
    }

    /** contract: http.refound.1 */
    @Test
    void aClusterWithALeaderIsNotBegunAnew() {
        Http.Answer answer = post("/metcd/v1/refound?cluster=test");

        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.body()).contains("cluster 'test' has a leader");
        assertThat(post("/metcd/v1/refound?cluster=other").status()).isEqualTo(400);
    }

    /** contract: http.metrics.5 */
    @Test
    void whatEtcdHasNoNameForHasOneOfOurs() {
        assertThat(get("/metrics").body())
                .contains("\nmetcd_members 1\n", "\nmetcd_voters 1\n", "\nmetcd_mesh_", "\nmetcd_heap_")
                .contains("\nmetcd_mesh_lost_total{reason=\"forged\"} 0\n")
                .contains(
                        "\nmetcd_mesh_lost_total{reason=\"item_forged\"} 0\n", "\nmetcd_mesh_items_received_total 0\n")
                .contains("\nmetcd_mesh_queued_bytes{class=\"bulk\"} 0\n");
    }

    private static void awaitStatus(String part) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!status().contains(part)) {
            assertThat(System.nanoTime()).as("%s in %s", part, status()).isLessThan(deadline);
        }
    }

    private static String status() {
        return get("/metcd/v1/status").body();
    }

    private static Http.Answer get(String path) {
        return Http.get(etcd.server().port(), path);
    }

    private static Http.Answer post(String path) {
        return Http.post(etcd.server().port(), path, "");
    }
}
