package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.embed.Metcd;
import io.metcd.node.autopilot.Mode;
import io.metcd.server.EtcdServer;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a learner says over HTTP (contract: http.live.1, wire.member.1). */
class LearnerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aLearnerIsAliveAndNotReadyAndAnswersWhatItMay() throws IOException {
        try (Metcd founder = builder("a").founders("a").listen("127.0.0.1:0").start();
                EtcdServer server = EtcdServer.open(founder, 0)) {
            assertThat(founder.awaitReady(PATIENCE)).isTrue();
            String added = Http.post(
                            server.port(),
                            "/v3/cluster/member/add",
                            "{\"peerURLs\":[\"http://127.0.0.1:1\"],\"isLearner\":true}")
                    .body();
            assertThat(added).contains("\"isLearner\":true");
            String seed = founder.replica().config().peerUrls().get(0).substring("http://".length());
            try (Metcd learner = builder("b")
                            .peerUrls(List.of("http://127.0.0.1:1"))
                            .existing()
                            .listen("127.0.0.1:0")
                            .join(seed)
                            .start();
                    EtcdServer door = EtcdServer.open(learner, 0)) {
                assertThat(learner.awaitReady(PATIENCE)).as(learner::waitsFor).isTrue();

                assertThat(Http.get(door.port(), "/livez").status()).isEqualTo(200);
                Http.Answer ready = Http.get(door.port(), "/readyz");
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.body())
                        .contains("[+]linearizable_read ok\n", "[-]non_learner failed: not supported for learner\n");
                assertThat(Http.get(door.port(), "/metcd/v1/status").body()).contains("\"ready\":false");
                assertThat(Http.get(door.port(), "/metrics").body()).contains("\netcd_server_is_learner 1\n");
                assertThat(Http.post(door.port(), "/v3/kv/range", "{\"key\":\"YQ==\",\"serializable\":true}")
                                .status())
                        .isEqualTo(200);
                assertThat(Http.post(door.port(), "/v3/kv/range", "{\"key\":\"YQ==\"}")
                                .body())
                        .contains("\"code\":9,\"message\":\"etcdserver: rpc not supported for learner\"");
                Http.Answer snapshot = Http.post(door.port(), "/v3/maintenance/snapshot", "{}");
                assertThat(snapshot.status()).isEqualTo(200);
                assertThat(snapshot.body()).endsWith(",\"version\":\"3.6.0\"}}\n");
                Http.Answer watch = Http.post(door.port(), "/v3/watch", "{\"create_request\":{\"key\":\"YQ==\"}}");
                assertThat(watch.status()).isEqualTo(400);
                assertThat(watch.body())
                        .isEqualTo("{\"error\":{\"grpc_code\":9,\"http_code\":400,\"code\":9,\"message\":"
                                + "\"etcdserver: rpc not supported for learner\",\"http_status\":\"Bad Request\"}}\n");
            }
        }
    }

    private Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("learner")
                .durable(folder.resolve(name))
                .autopilot(Mode.OFF);
    }
}
