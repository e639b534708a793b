package io.metcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.etcdserverpb.RangeResponse;
import io.metcd.embed.Metcd;
import io.metcd.server.WebOptions.Serves;
import io.metcd.server.rpc.Code;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several ports of one member, each for its own (contract: http.metrics.3, flag.14, flag.15). */
class ServerPortsTest {
    @Test
    void grpcJsonAndMetricsMayEachHaveAPortAndOneCountForAll() throws IOException {
        try (Metcd node = Metcd.builder()
                        .name("a")
                        .founders("a")
                        .noListen()
                        .ephemeral()
                        .start();
                EtcdServer server =
                        EtcdServer.open(node, List.of(port(Serves.GRPC), port(Serves.HTTP), port(Serves.METRICS)));
                GrpcClient grpc = new GrpcClient(server.port(0));
                GrpcClient grpcOfHttp = new GrpcClient(server.port(1))) {
            assertThat(node.awaitReady(Duration.ofSeconds(30))).isTrue();

            grpc.call("etcdserverpb.KV/Range", Etcd.rangeRequest("a").build(), RangeResponse.parser());
            assertThat(Http.get(server.port(0), "/health").body()).contains("--listen-client-http-urls");
            assertThat(Http.post(server.port(0), "/v3/kv/range", "{}").status()).isEqualTo(404);

            assertThat(Http.post(server.port(1), "/v3/kv/range", "{\"key\":\"YQ==\"}")
                            .status())
                    .isEqualTo(200);
            assertThat(Http.get(server.port(1), "/version").status()).isEqualTo(200);
            assertThat(grpcOfHttp
                            .failure(
                                    "etcdserverpb.KV/Range",
                                    Etcd.rangeRequest("a").build())
                            .code())
                    .isEqualTo(Code.UNIMPLEMENTED);

            assertThat(Http.get(server.port(2), "/metrics").body())
                    .contains("grpc_server_started_total{grpc_method=\"Range\",grpc_service=\"etcdserverpb.KV\","
                            + "grpc_type=\"unary\"} 2\n");
            assertThat(Http.get(server.port(2), "/health").status()).isEqualTo(200);
            assertThat(Http.get(server.port(2), "/readyz").body()).isEqualTo("ok\n");
            assertThat(Http.get(server.port(2), "/version").status()).isEqualTo(404);
            assertThat(Http.post(server.port(2), "/v3/kv/range", "{}").status()).isEqualTo(404);
        }
    }

    @Test
    void withoutTheGatewayItsPathsAreUnknown() {
        WebOptions closed = new WebOptions(Serves.EVERYTHING, false, List.of("*"), List.of("*"));
        try (Etcd etcd = Etcd.start(ServerOptions.port(0).withWeb(closed))) {
            assertThat(Http.post(etcd.server().port(), "/v3/kv/range", "{}").body())
                    .isEqualTo("404 page not found\n");
            assertThat(Http.get(etcd.server().port(), "/health").status()).isEqualTo(200);
        }
    }

    private static ServerOptions port(Serves purpose) {
        return ServerOptions.port(0).withWeb(WebOptions.OPEN.serving(purpose));
    }
}
