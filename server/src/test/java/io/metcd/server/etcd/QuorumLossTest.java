package io.metcd.server.etcd;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.embed.Metcd;
import io.metcd.server.EtcdServer;
import io.metcd.server.ServerOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.Watcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the last of three members says when the other two are gone, and what one says that has no cluster yet. */
class QuorumLossTest {
    private static final Status NO_LEADER = new Status(Code.UNAVAILABLE, "etcdserver: no leader");
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final String WATCH = "etcdserverpb.Watch/Watch";

    private final List<Metcd> nodes = new ArrayList<>();

    @AfterEach
    void stop() {
        nodes.forEach(Metcd::close);
    }

    /** contract: kv.range.21, watch.end.3, watch.end.4, wire.meta.1, maint.status.3, http.health.1, http.live.1 */
    @Test
    void theLastMemberServesWhatItHasAndSaysThatThereIsNoLeader() throws IOException {
        startThree();
        Metcd last = nodes.get(2);
        try (EtcdServer server = EtcdServer.open(last, ServerOptions.port(0));
                GrpcClient client = new GrpcClient(server.port())) {
            PutResponse put =
                    client.call("etcdserverpb.KV/Put", putRequest("k", "v").build(), PutResponse.parser());
            Watcher demanding = new Watcher(client.open(WATCH, Map.of("hasleader", "true")));
            demanding.created(Watcher.key("k"));
            Watcher content = new Watcher(client.open(WATCH));
            content.created(Watcher.key("k"));

            nodes.get(0).close();
            nodes.get(1).close();

            assertThat(demanding.stream().status()).isEqualTo(NO_LEADER);
            assertThat(content.stream().isOpen()).isTrue();
            content.created(Watcher.key("k").setStartRevision(put.getHeader().getRevision()));
            assertThat(content.next().getEventsCount()).isEqualTo(1);
            RangeResponse stale =
                    client.call(RANGE, rangeRequest("k").setSerializable(true).build(), RangeResponse.parser());
            assertThat(stale.getCount()).isEqualTo(1);
            assertThat(client.failure(RANGE, rangeRequest("k").build(), Map.of("hasleader", "true")))
                    .isEqualTo(NO_LEADER);
            assertThat(client.failure(WATCH, rangeRequest("k").build(), Map.of("hasleader", "true")))
                    .isEqualTo(NO_LEADER);
            assertThat(client.failure(RANGE, rangeRequest("k").build(), Map.of("grpc-timeout", "500m"))
                            .code())
                    .isIn(Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED);
            StatusResponse status = client.call(
                    "etcdserverpb.Maintenance/Status", StatusRequest.getDefaultInstance(), StatusResponse.parser());
            assertThat(status.getLeader()).isZero();
            assertThat(status.getErrorsList()).containsExactly("etcdserver: no leader");
            assertThat(Metric.get(server, "/health").body())
                    .isEqualTo("{\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}");
            assertThat(Metric.get(server, "/health?serializable=true").statusCode())
                    .isEqualTo(200);
            assertThat(Metric.get(server, "/metrics").body()).contains("\netcd_server_has_leader 0\n");
            assertThat(Metric.get(server, "/livez").statusCode()).isEqualTo(200);
            assertThat(Metric.get(server, "/readyz/non_learner").statusCode()).isEqualTo(200);
            assertThat(Metric.get(server, "/readyz").statusCode()).isEqualTo(503);
            assertThat(Metric.get(server, "/readyz/linearizable_read").body())
                    .startsWith("[-]linearizable_read failed: etcdserver: ");
        }
    }

    @Test
    void aMemberWithoutAClusterSaysThatThereIsNoLeader() throws IOException {
        Metcd alone = builder("a").noListen().start();
        nodes.add(alone);
        try (EtcdServer server = EtcdServer.open(alone, ServerOptions.port(0));
                GrpcClient client = new GrpcClient(server.port())) {
            assertThat(client.failure(RANGE, rangeRequest("k").build())).isEqualTo(NO_LEADER);
            assertThat(client.failure(
                            "etcdserverpb.KV/Put", putRequest("k", "v").build()))
                    .isEqualTo(NO_LEADER);
            assertThat(Metric.get(server, "/health").statusCode()).isEqualTo(503);
            assertThat(Metric.get(server, "/version").body())
                    .isEqualTo("{\"etcdserver\":\"3.6.14\",\"etcdcluster\":\"not_decided\",\"storage\":\"unknown\"}");
            assertThat(Metric.get(server, "/metrics").body()).doesNotContain("etcd_server_id{");
        }
    }

    private void startThree() {
        Metcd first = builder("a").listen("127.0.0.1:0").start();
        nodes.add(first);
        String seed = first.replica().config().peerUrls().get(0).substring("http://".length());
        for (String name : List.of("b", "c")) {
            nodes.add(builder(name).noListen().join(seed).start());
        }
        for (Metcd node : nodes) {
            assertThat(node.awaitReady(Duration.ofSeconds(30)))
                    .as(node::waitsFor)
                    .isTrue();
        }
    }

    private static Metcd.Builder builder(String name) {
        return Metcd.builder()
                .name(name)
                .cluster("quorum")
                .founders("a", "b", "c")
                .ephemeral();
    }
}
