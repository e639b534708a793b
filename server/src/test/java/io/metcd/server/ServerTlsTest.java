package io.metcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.authpb.Permission;
import io.metcd.api.etcdserverpb.PutResponse;
import io.metcd.embed.Metcd;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.server.WebOptions.Serves;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.Etcd;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.testing.TlsClient;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A member whose ports all speak TLS and ask for certificates (contract: wire.port.4, wire.tls.2, json.1, flag.17). */
class ServerTlsTest {
    private static final String PUT = "etcdserverpb.KV/Put";
    private static final Status DENIED = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final TestAuthority authority = new TestAuthority("authority");
    private final Credentials alice = authority.client("alice");

    @TempDir
    private Path directory;

    private Metcd node;
    private EtcdServer server;

    @BeforeEach
    void start() throws Exception {
        Path authorities = directory.resolve("ca.pem");
        TestAuthority.write(authorities, "CERTIFICATE", authority.certificate().getEncoded());
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InMemory(authority.server()),
                Optional.of(new TlsSettings.Clients(authorities, Optional.empty(), List.of(), true)),
                List.of("TLSv1.2", "TLSv1.3"),
                List.of());
        ServerOptions clients = ServerOptions.port(0).withTls(ServerTls.load(settings));
        node = Metcd.builder().name("a").founders("a").noListen().ephemeral().start();
        server = EtcdServer.open(node, List.of(clients, clients.withWeb(WebOptions.OPEN.serving(Serves.METRICS))));
        assertThat(node.awaitReady(TIMEOUT)).isTrue();
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void grpcJsonAndPagesAreAnsweredOnOnePort(HttpClient.Version version) throws Exception {
        HttpClient http = http(version);
        try (GrpcClient grpc = new GrpcClient(server.port(), authority, alice)) {
            grpc.call(PUT, Etcd.putRequest("foo", "bar").build(), PutResponse.parser());

            HttpResponse<String> range =
                    http.send(request(0, "/v3/kv/range", "{\"key\":\"Zm9v\"}"), BodyHandlers.ofString());
            assertThat(range.version()).isEqualTo(version);
            assertThat(range.body()).contains("\"value\":\"YmFy\"");

            HttpResponse<InputStream> watch = http.send(
                    request(0, "/v3/watch", "{\"create_request\":{\"key\":\"Zm9v\"}}"), BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(watch.body(), StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).contains("\"created\":true");
                grpc.call(PUT, Etcd.putRequest("foo", "new").build(), PutResponse.parser());
                assertThat(lines.readLine()).contains("\"value\":\"bmV3\"");
            }
        }
        HttpRequest health = HttpRequest.newBuilder(uri(0, "/health")).build();
        assertThat(http.send(health, BodyHandlers.ofString()).body()).contains("\"health\":\"true\"");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aPortForMetricsSpeaksTlsAsTheOthersDo(HttpClient.Version version) throws Exception {
        HttpRequest metrics = HttpRequest.newBuilder(uri(1, "/metrics")).build();

        HttpResponse<String> answer = http(version).send(metrics, BodyHandlers.ofString());

        assertThat(answer.version()).isEqualTo(version);
        assertThat(answer.body()).contains("etcd_server_has_leader 1");
        assertThat(TlsClient.of(authority, Optional.empty()).isServed(server.port(1)))
                .as("without a certificate")
                .isFalse();
    }

    /** contract: auth.token.4; the text of a real etcd 3.6.14 */
    @Test
    void theNameInACertificateIsTheUserOfACallWithoutATokenButNeverByJson() throws Exception {
        try (GrpcClient root = new GrpcClient(server.port(), authority, authority.client("root"));
                GrpcClient user = new GrpcClient(server.port(), authority, alice);
                GrpcClient stranger = new GrpcClient(server.port(), authority, authority.client("bob"))) {
            Accounts accounts = new Accounts(root);
            accounts.addUserWithRole("alice");
            accounts.permit("alice", Permission.Type.READWRITE, "a", "");
            HttpRequest range = request(0, "/v3/kv/range", "{\"key\":\"YQ==\"}");
            HttpClient json = http(HttpClient.Version.HTTP_2);
            assertThat(json.send(range, BodyHandlers.ofString()).statusCode()).isEqualTo(200);

            accounts.enable();

            user.call(PUT, Etcd.putRequest("a", "1").build(), PutResponse.parser());
            assertThat(user.failure(PUT, Etcd.putRequest("b", "1").build())).isEqualTo(DENIED);
            assertThat(stranger.failure(PUT, Etcd.putRequest("a", "1").build())).isEqualTo(DENIED);
            root.call(PUT, Etcd.putRequest("b", "1").build(), PutResponse.parser());
            HttpResponse<String> refused = json.send(range, BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.body())
                    .isEqualTo("CommonName of client sending a request against gateway will be ignored and not used"
                            + " as expected\n");
            HttpRequest health = HttpRequest.newBuilder(uri(0, "/health")).build();
            assertThat(json.send(health, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        }
    }

    /** contract: json.5 */
    @Test
    void watchesByJsonWhoseClientsAreKilledLeaveNothing() throws Exception {
        for (int round = 0; round < 30; round++) {
            killAfterCreation();
        }

        HttpRequest metrics = HttpRequest.newBuilder(uri(1, "/metrics")).build();
        HttpClient http = http(HttpClient.Version.HTTP_1_1);
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String page = http.send(metrics, BodyHandlers.ofString()).body();
        while (!page.contains("\netcd_debugging_mvcc_watcher_total 0\n")) {
            assertThat(System.nanoTime()).as(page).isLessThan(deadline);
            page = http.send(metrics, BodyHandlers.ofString()).body();
        }
        assertThat(http.send(request(0, "/v3/kv/range", "{\"key\":\"Zm9v\"}"), BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    /** As a process that is killed does it: without a word of TLS. */
    private void killAfterCreation() throws IOException {
        SSLSocketFactory sockets =
                TlsClient.of(authority, Optional.of(alice)).context().getSocketFactory();
        String body = "{\"create_request\":{\"key\":\"Zm9v\"}}";
        try (Socket killed = new Socket("localhost", server.port())) {
            Socket tls = sockets.createSocket(killed, "localhost", server.port(), false);
            tls.setSoTimeout((int) TIMEOUT.toMillis());
            tls.getOutputStream()
                    .write(("POST /v3/watch HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(tls.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.lines()
                            .filter(line -> line.contains("\"created\":true"))
                            .findFirst())
                    .isPresent();
            killed.setSoLinger(true, 0);
        }
    }

    private HttpClient http(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TlsClient.of(authority, Optional.of(alice)).context())
                .build();
    }

    private HttpRequest request(int port, String path, String body) {
        return HttpRequest.newBuilder(uri(port, path))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString(body))
                .build();
    }

    private URI uri(int port, String path) {
        return URI.create("https://localhost:" + server.port(port) + path);
    }
}
