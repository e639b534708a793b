package io.metcd.server;

import static io.metcd.server.testing.Etcd.putRequest;
import static io.metcd.server.testing.Etcd.rangeRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.api.authpb.Permission;
import io.metcd.embed.Metcd;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.server.auth.AuthOptions;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.Accounts;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.testing.TlsClient;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users who are known by their certificates (contract: auth.token.4). */
class CertificateUsersTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final String RANGE = "etcdserverpb.KV/Range";

    private final TestAuthority authority = new TestAuthority("authority");
    private final Credentials ann = authority.client("ann");
    private final Credentials root = authority.client("root");

    @TempDir
    private Path directory;

    private Metcd node;
    private EtcdServer server;
    private Map<String, String> tokenOfRoot = Map.of();

    @BeforeEach
    void start() throws Exception {
        Path authorities = directory.resolve("ca.pem");
        TestAuthority.write(authorities, "CERTIFICATE", authority.certificate().getEncoded());
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InMemory(authority.server()),
                Optional.of(new TlsSettings.Clients(authorities, Optional.empty(), List.of(), true)),
                List.of("TLSv1.2", "TLSv1.3"),
                List.of());
        node = Metcd.builder().name("a").founders("a").noListen().ephemeral().start();
        server = EtcdServer.open(
                node,
                ServerOptions.port(0)
                        .withTls(ServerTls.load(settings))
                        .withAuth(AuthOptions.simple(4, Duration.ofMinutes(5))));
        assertThat(node.awaitReady(TIMEOUT)).isTrue();
        try (GrpcClient client = new GrpcClient(server.port(), authority, ann)) {
            Accounts accounts = new Accounts(client);
            accounts.enable();
            accounts.addUserWithRole("ann");
            accounts.permit("ann", Permission.Type.READWRITE, "hers", "");
            tokenOfRoot = accounts.root();
        }
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
    }

    @Test
    void theNameInTheCertificateIsTheUserWithoutAToken() {
        Status denied = new Status(Code.PERMISSION_DENIED, "etcdserver: permission denied");
        try (GrpcClient client = new GrpcClient(server.port(), authority, ann)) {
            assertThat(client.failure(
                            "etcdserverpb.KV/Put", putRequest("hers", "1").build()))
                    .isEqualTo(Status.OK);
            assertThat(client.failure(RANGE, rangeRequest("other").build())).isEqualTo(denied);
            assertThat(client.failure(RANGE, rangeRequest("other").build(), tokenOfRoot))
                    .as("a token says more than a certificate")
                    .isEqualTo(Status.OK);
            assertThat(client.failure(RANGE, rangeRequest("hers").build(), Accounts.with("bogus")))
                    .isEqualTo(new Status(Code.UNAUTHENTICATED, "etcdserver: invalid auth token"));
        }
    }

    @Test
    void whoWasDeletedIsNobodyWithTheSameCertificate() {
        try (GrpcClient client = new GrpcClient(server.port(), authority, authority.client("stranger"))) {
            assertThat(client.failure(RANGE, rangeRequest("hers").build()).code())
                    .isEqualTo(Code.PERMISSION_DENIED);
        }
    }

    @Test
    void theGatewayTakesNoSuchCertificate() throws Exception {
        HttpResponse<String> answer = ask(
                ann,
                HttpRequest.newBuilder(uri("/v3/kv/range")).POST(BodyPublishers.ofString("{\"key\":\"aGVycw==\"}")));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo(
                        "CommonName of client sending a request against gateway will be ignored and not used as expected\n");
    }

    /** contract: http.metcd.3 */
    @Test
    void pagesForOperatorsOpenToTheCertificateOfRoot() throws Exception {
        assertThat(ask(root, HttpRequest.newBuilder(uri("/metcd/v1/status"))).statusCode())
                .isEqualTo(200);
        assertThat(ask(ann, HttpRequest.newBuilder(uri("/metcd/v1/status"))).statusCode())
                .isEqualTo(403);
        assertThat(ask(ann, HttpRequest.newBuilder(uri("/health"))).statusCode())
                .isEqualTo(200);
    }

    /** A browser shows the certificate of its user for any page (contract: http.metcd.3). */
    @Test
    void pagesOfOtherSitesDoNotActForWhoeverHasACertificate() throws Exception {
        HttpRequest.Builder pause =
                HttpRequest.newBuilder(uri("/metcd/v1/autopilot?switch=pause")).POST(BodyPublishers.noBody());

        assertThat(ask(root, pause.copy().header("Origin", "https://elsewhere.example"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(ask(root, pause).statusCode()).isNotIn(401, 403);
    }

    private HttpResponse<String> ask(Credentials who, HttpRequest.Builder request) throws Exception {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(TlsClient.of(authority, Optional.of(who)).context())
                .build();
        return http.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }
}
