package io.metcd.server.etcd;

import io.metcd.server.EtcdServer;
import io.metcd.server.testing.Etcd;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;

/** Reads pages of a server. */
final class Metric {
    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private Metric() {}

    static HttpResponse<String> get(Etcd etcd, String path) {
        return get(etcd.server(), path);
    }

    static HttpResponse<String> get(EtcdServer server, String path) {
        return send(HttpRequest.newBuilder(uri(server, path)).GET().build());
    }

    static HttpResponse<String> post(Etcd etcd, String path) {
        HttpRequest.BodyPublisher empty = HttpRequest.BodyPublishers.noBody();
        return send(HttpRequest.newBuilder(uri(etcd.server(), path)).POST(empty).build());
    }

    /** Waits until the metrics have exactly this line. */
    static void await(Etcd etcd, String line) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        String page = "";
        while (System.nanoTime() < deadline) {
            page = get(etcd, "/metrics").body();
            if (page.lines().anyMatch(line::equals)) {
                return;
            }
        }
        throw new AssertionError("the metrics never said '" + line + "':\n" + page);
    }

    private static URI uri(EtcdServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private static HttpResponse<String> send(HttpRequest request) {
        try {
            return HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .build()
                    .send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failure) {
            throw new AssertionError(failure);
        }
    }
}
