package io.metcd.server.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.testing.Etcd;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no gRPC on a connection of HTTP/2 is answered as on any other (contract: wire.port.2, wire.port.4). */
class GatewayHttp2Test {
    private static final long TIMEOUT_SECONDS = 20;
    private static Etcd etcd;
    private static Vertx vertx;

    @BeforeAll
    static void start() {
        etcd = Etcd.start();
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() throws TimeoutException {
        await(vertx.close());
        etcd.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallByJsonMayComeOverHttp2(boolean upgraded) throws TimeoutException {
        etcd.put("foo", "bar");
        HttpClient client = client(upgraded);

        HttpClientResponse answer = post(client, "/v3/kv/range", "{\"key\":\"Zm9v\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
        Future<Buffer> body = answer.body();
        answer.resume();
        assertThat(await(body).toString()).contains("\"value\":\"YmFy\"");
    }

    @Test
    void aWatchByJsonMayComeOverHttp2AndIsCancelledWithItsStream() throws TimeoutException, InterruptedException {
        HttpClient client = client(false);
        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 0");

        HttpClientResponse watch = post(client, "/v3/watch", "{\"create_request\":{\"key\":\"aDI=\"}}");
        BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        watch.handler(piece -> lines.add(piece.toString())).resume();
        assertThat(lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).contains("\"created\":true");
        etcd.put("h2", "1");
        assertThat(lines.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).contains("\"value\":\"MQ==\"");
        watch.request().reset();

        Metric.await(etcd, "etcd_debugging_mvcc_watcher_total 0");
    }

    private static HttpClient client(boolean upgraded) {
        return vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(upgraded));
    }

    /** The answer waits until somebody takes it. */
    private static HttpClientResponse post(HttpClient client, String path, String body) throws TimeoutException {
        HttpClientRequest request =
                await(client.request(HttpMethod.POST, etcd.server().port(), "127.0.0.1", path));
        return await(request.send(Buffer.buffer(body)).map(answer -> {
            answer.pause();
            return answer;
        }));
    }

    private static <T> T await(Future<T> future) throws TimeoutException {
        return future.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
