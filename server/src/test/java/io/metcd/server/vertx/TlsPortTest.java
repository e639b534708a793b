package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.server.json.JsonPaths;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Payload;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.testing.TlsClient;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsNames;
import io.metcd.server.tls.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The port with TLS; real handshakes, certificates made here (contract: wire.port.3, wire.port.4, wire.tls.1, wire.tls.2, wire.tls.3). */
class TlsPortTest {
    private static final List<String> BOTH = List.of("TLSv1.2", "TLSv1.3");

    private final TestAuthority authority = new TestAuthority("authority");
    private final TestAuthority stranger = new TestAuthority("stranger");

    @TempDir
    private Path directory;

    private Optional<Port> port = Optional.empty();

    @BeforeEach
    void writeFiles() throws Exception {
        TestAuthority.write(directory, "server", authority.server());
        TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                authority.certificate().getEncoded());
    }

    @AfterEach
    void close() {
        port.ifPresent(opened -> opened.close(0));
    }

    @Test
    void grpcAndBothVersionsOfHttpAreSpokenOnOnePort() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));

        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient http = HttpClient.newBuilder()
                    .version(version)
                    .sslContext(TlsClient.of(authority, Optional.empty()).context())
                    .build();
            URI page = URI.create("https://localhost:" + number + "/version");
            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.body()).isEqualTo("{\"path\":\"/version\"}");
        }
        assertThat(nameSeen(number, authority.client("anybody"))).isEqualTo("no name");
    }

    @Test
    void hostNamesAreNotAskedForWhereACertificateNamesTheHost() throws Exception {
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000)
                .withTls(Optional.of(ServerTls.load(settings(Optional.empty(), BOTH))));
        WebPolicy policy = new WebPolicy(List.of("*"), List.of("only.example"));
        Port opened =
                Port.open(options, loop -> new Port.Side(side().methods(), new JsonPaths(), side().pages(), policy));
        port = Optional.of(opened);

        assertThat(TlsClient.of(authority, Optional.empty())
                        .visit(opened.number())
                        .answer())
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void plaintextGetsNotOneByteOfHttp() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));

        String answer = send(number, "GET /version HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        String answerToGrpc = send(number, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(answer).doesNotContain("HTTP").hasSizeLessThan(16);
        assertThat(answerToGrpc).doesNotContain("HTTP").hasSizeLessThan(16);
    }

    @Test
    void aPortWithoutTlsDoesNotTakeItForHttp() throws Exception {
        port = Optional.of(Port.open(new PortOptions("127.0.0.1", 0, 1, 1000, 1000), loop -> side()));

        assertThat(TlsClient.of(authority, Optional.empty()).isServed(port.get().number()))
                .isFalse();
    }

    @Test
    void versionsBelowTheLowestAreRefused() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));
        TlsClient client = TlsClient.of(authority, Optional.empty());

        assertThat(client.visit(number, "TLSv1.2").protocol()).isEqualTo("TLSv1.2");
        assertThat(client.visit(number, "TLSv1.3").protocol()).isEqualTo("TLSv1.3");
        // A ClientHello of TLS 1.1; the answer is the alert protocol_version (RFC 5246, section 7.2).
        assertThat(HexFormat.of()
                        .formatHex(send(number, helloOfVersion1Point1()).getBytes(StandardCharsets.ISO_8859_1)))
                .startsWith("15")
                .endsWith("0246");
    }

    @Test
    void theLowestVersionMayBeRaised() throws Exception {
        int number = open(settings(Optional.empty(), TlsNames.protocols("TLS1.3", "")));
        TlsClient client = TlsClient.of(authority, Optional.empty());

        assertThat(client.isServed(number, "TLSv1.3")).isTrue();
        assertThat(client.isServed(number, "TLSv1.2")).isFalse();
    }

    @Test
    void onlyTheSuitesThatAreNamedAreSpokenInTls12() throws Exception {
        List<String> named = TlsNames.suites(List.of("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"), BOTH);
        int number = open(new TlsSettings(own(), Optional.empty(), BOTH, named));

        assertThat(TlsClient.of(authority, Optional.empty())
                        .visit(number, "TLSv1.2")
                        .suite())
                .isEqualTo("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256");
    }

    @Test
    void versionsAndSuitesThatAreNotKnownAreToldInTheWordsOfEtcd() {
        assertThatThrownBy(() -> TlsNames.protocols("TLS1.1", ""))
                .hasMessage("unexpected TLS version \"TLS1.1\" (must be one of: TLS1.2, TLS1.3)");
        assertThatThrownBy(() -> TlsNames.protocols("TLS1.3", "TLS1.2"))
                .hasMessage("min version (TLS1.3) is greater than max version (TLS1.2)");
        assertThatThrownBy(() -> TlsNames.suites(List.of("TLS_AES_128_GCM_SHA256"), List.of("TLSv1.3")))
                .hasMessage("cipher suites cannot be configured when only TLS1.3 is enabled");
        assertThatThrownBy(() -> TlsNames.suites(List.of("NOPE"), BOTH))
                .hasMessageStartingWith("unexpected TLS cipher suite \"NOPE\"")
                .hasMessageContaining("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    }

    @Test
    void whereClientsNeedCertificatesOnlyGoodOnesAreServed() throws Exception {
        int number = open(settings(Optional.of(clients(List.of(), Optional.empty(), true)), BOTH));

        for (String protocol : BOTH) {
            assertThat(served(number, authority.client("alice"), protocol)).isTrue();
            assertThat(served(number, stranger.client("alice"), protocol)).isFalse();
            assertThat(served(number, authority.expiredClient("alice"), protocol))
                    .isFalse();
            assertThat(served(number, authority.server(), protocol))
                    .as("for servers only")
                    .isFalse();
            assertThat(TlsClient.of(authority, Optional.empty()).isServed(number, protocol))
                    .as("no certificate")
                    .isFalse();
        }
    }

    @Test
    void theCommonNameIsToldToTheCallWhereCertificatesNameUsers() throws Exception {
        int number = open(settings(Optional.of(clients(List.of(), Optional.empty(), true)), BOTH));

        assertThat(nameSeen(number, authority.client("alice"))).isEqualTo("alice");
        assertThat(nameSeen(number, authority.client("O=x, CN=\"fake\"+alice"))).isEqualTo("O=x, CN=\"fake\"+alice");
        assertThat(nameSeen(number, authority.client(""))).isEqualTo("no name");
    }

    @Test
    void theCommonNameIsNotToldWhereCertificatesAreOnlyDemanded() throws Exception {
        int number = open(settings(Optional.of(clients(List.of(), Optional.empty(), false)), BOTH));

        assertThat(nameSeen(number, authority.client("alice"))).isEqualTo("no name");
    }

    @Test
    void aCertificateMustBeForAnAllowedHostIfThereIsAList() throws Exception {
        TlsSettings.Clients clients = clients(List.of("app.example", "ops.example"), Optional.empty(), true);
        int number = open(settings(Optional.of(clients), BOTH));

        assertThat(served(number, authority.client("a", "ops.example"), "TLSv1.3"))
                .isTrue();
        assertThat(served(number, authority.client("a", "*.example"), "TLSv1.3"))
                .isTrue();
        assertThat(served(number, authority.client("a", "other.example"), "TLSv1.3"))
                .isFalse();
        assertThat(served(number, authority.client("app.example"), "TLSv1.3"))
                .as("a name is no host")
                .isFalse();
    }

    @Test
    void aClientThatIsRevokedWhileThePortIsOpenIsRefusedFromThenOn() throws Exception {
        Path list = directory.resolve("revoked.pem");
        TestAuthority.write(list, "X509 CRL", authority.revocations());
        int number = open(settings(Optional.of(clients(List.of(), Optional.of(list), true)), BOTH));
        Credentials alice = authority.client("alice");
        TlsClient client = TlsClient.of(authority, Optional.of(alice));
        assertThat(client.isServed(number, "TLSv1.2")).isTrue();
        assertThat(client.isServed(number, "TLSv1.3")).isTrue();

        TestAuthority.write(
                list, "X509 CRL", authority.revocations(alice.chain().get(0)));

        assertThat(client.isServed(number, "TLSv1.2"))
                .as("by a resumed session")
                .isFalse();
        assertThat(client.isServed(number, "TLSv1.3"))
                .as("by a resumed session")
                .isFalse();
        assertThat(served(number, alice, "TLSv1.3")).isFalse();
        assertThat(served(number, authority.client("bob"), "TLSv1.3")).isTrue();
    }

    @Test
    void aListOfRevokedCertificatesMayBeDer() throws Exception {
        Path list = directory.resolve("revoked.der");
        Credentials alice = authority.client("alice");
        Files.write(list, authority.revocations(alice.chain().get(0)));
        int number = open(settings(Optional.of(clients(List.of(), Optional.of(list), true)), BOTH));

        assertThat(served(number, alice, "TLSv1.3")).isFalse();
        assertThat(served(number, authority.client("bob"), "TLSv1.3")).isTrue();
    }

    @Test
    void aCertificateThatExpiresIsNotCarriedOnByAResumedSession() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        TlsSettings settings = settings(Optional.of(clients(List.of(), Optional.empty(), true)), BOTH);
        PortOptions options =
                new PortOptions("127.0.0.1", 0, 1, 1000, 1000).withTls(Optional.of(ServerTls.load(settings, now::get)));
        Port opened = Port.open(options, loop -> side());
        port = Optional.of(opened);
        TlsClient client = TlsClient.of(authority, Optional.of(authority.client("alice")));
        assertThat(client.isServed(opened.number(), "TLSv1.2")).isTrue();
        assertThat(client.isServed(opened.number(), "TLSv1.3")).isTrue();

        now.set(Instant.now().plus(Duration.ofDays(2)));

        assertThat(client.isServed(opened.number(), "TLSv1.2")).isFalse();
        assertThat(client.isServed(opened.number(), "TLSv1.3")).isFalse();
    }

    @Test
    void aRenewedCertificateIsShownFromTheNextHandshakeOnAndOpenConnectionsGoOn() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));
        TlsClient client = TlsClient.of(authority, Optional.empty());
        Object first = client.visit(number).server();
        try (GrpcClient before = new GrpcClient(number, authority, authority.client("x"))) {
            name(before);

            Credentials renewed = authority.rsaServer();
            TestAuthority.write(directory, "server", renewed);

            assertThat(client.visit(number).server())
                    .isNotEqualTo(first)
                    .isEqualTo(renewed.chain().get(0));
            assertThat(name(before)).isEqualTo("no name");
        }
    }

    @Test
    void certificatesThatAreRenewedUnderLoadCostNoHandshakeAndNoCall() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService clients = Executors.newFixedThreadPool(2);
        try {
            Future<Integer> newcomers = clients.submit(() -> handshakesUntil(over, number));
            Future<Integer> regular = clients.submit(() -> callsUntil(over, number));
            TlsClient observer = TlsClient.of(authority, Optional.empty());
            for (int renewal = 0; renewal < 10; renewal++) {
                Credentials renewed = authority.server();
                // Key and certificate are two files: in between, they do not belong together.
                TestAuthority.write(directory, "server", renewed);
                assertThat(observer.visit(number).server())
                        .isEqualTo(renewed.chain().get(0));
            }
            over.set(true);

            assertThat(newcomers.get(20, TimeUnit.SECONDS)).isPositive();
            assertThat(regular.get(20, TimeUnit.SECONDS)).isPositive();
        } finally {
            over.set(true);
            clients.shutdown();
        }
    }

    @Test
    void aClientWhoseCertificateExpiresGoesOnAsLongAsItsConnectionStands() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        TlsSettings settings = settings(Optional.of(clients(List.of(), Optional.empty(), true)), BOTH);
        PortOptions options =
                new PortOptions("127.0.0.1", 0, 1, 1000, 1000).withTls(Optional.of(ServerTls.load(settings, now::get)));
        Port opened = Port.open(options, loop -> side());
        port = Optional.of(opened);
        Credentials alice = authority.client("alice");
        try (GrpcClient before = new GrpcClient(opened.number(), authority, alice)) {
            assertThat(name(before)).isEqualTo("alice");

            now.set(Instant.now().plus(Duration.ofDays(2)));

            assertThat(name(before)).isEqualTo("alice");
            assertThat(served(opened.number(), alice, "TLSv1.3")).isFalse();
        }
    }

    @Test
    void aRenewedFileThatIsBrokenLeavesTheOldCertificateInForce() throws Exception {
        int number = open(settings(Optional.empty(), BOTH));
        TlsClient client = TlsClient.of(authority, Optional.empty());
        Object first = client.visit(number).server();
        Credentials renewed = authority.server();

        Files.writeString(directory.resolve("server.pem"), "-----BEGIN CERT");
        assertThat(client.visit(number).server()).isEqualTo(first);
        TestAuthority.write(
                directory.resolve("server.pem"),
                "CERTIFICATE",
                renewed.chain().get(0).getEncoded());
        assertThat(client.visit(number).server())
                .as("whose key is not there yet")
                .isEqualTo(first);
        TestAuthority.write(
                directory.resolve("server-key.pem"),
                "PRIVATE KEY",
                renewed.key().getEncoded());

        assertThat(client.visit(number).server()).isEqualTo(renewed.chain().get(0));
    }

    @Test
    void anAuthorityThatIsReplacedWhileThePortIsOpenHoldsForTheNextClient() throws Exception {
        int number = open(settings(Optional.of(clients(List.of(), Optional.empty(), true)), BOTH));
        assertThat(served(number, stranger.client("alice"), "TLSv1.3")).isFalse();

        TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                stranger.certificate().getEncoded());

        assertThat(served(number, stranger.client("alice"), "TLSv1.3")).isTrue();
        assertThat(served(number, authority.client("alice"), "TLSv1.3")).isFalse();
    }

    private int open(TlsSettings settings) throws TlsFailure, IOException {
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000);
        Port opened = Port.open(options.withTls(Optional.of(ServerTls.load(settings))), loop -> side());
        port = Optional.of(opened);
        return opened.number();
    }

    private TlsSettings settings(Optional<TlsSettings.Clients> clients, List<String> protocols) {
        return new TlsSettings(own(), clients, protocols, List.of());
    }

    private TlsSettings.Identity own() {
        return new TlsSettings.InFiles(directory.resolve("server.pem"), directory.resolve("server-key.pem"));
    }

    private TlsSettings.Clients clients(List<String> hosts, Optional<Path> revoked, boolean named) {
        return new TlsSettings.Clients(directory.resolve("ca.pem"), revoked, hosts, named);
    }

    private boolean served(int number, Credentials client, String protocol) {
        return TlsClient.of(authority, Optional.of(client)).isServed(number, protocol);
    }

    /** By a unary call and by a stream, which must see the same. */
    private String nameSeen(int number, Credentials own) {
        try (GrpcClient client = new GrpcClient(number, authority, own)) {
            String unary = name(client);
            String streamed = client.call("test.Who/NameStream", StringValue.of("x"), StringValue.parser())
                    .getValue();
            assertThat(streamed).isEqualTo(unary);
            return unary;
        }
    }

    private int handshakesUntil(AtomicBoolean over, int number) throws IOException {
        int served = 0;
        while (!over.get()) {
            assertThat(TlsClient.of(authority, Optional.empty()).visit(number).isServed())
                    .isTrue();
            served++;
        }
        return served;
    }

    private int callsUntil(AtomicBoolean over, int number) {
        int answered = 0;
        try (GrpcClient client = new GrpcClient(number, authority, authority.client("x"))) {
            while (!over.get()) {
                assertThat(name(client)).isEqualTo("no name");
                answered++;
            }
        }
        return answered;
    }

    private static String name(GrpcClient client) {
        return client.call("test.Who/Name", StringValue.of("x"), StringValue.parser())
                .getValue();
    }

    private static Port.Side side() {
        CallCount count = new CallCount("test.Who", "Name", CallCount.Kind.UNARY);
        Methods methods = new Methods()
                        .unary(
                                "test.Who",
                                "Name",
                                (call, request, reply) -> reply.send(Payload.of(
                                        StringValue.of(call.commonName().orElse("no name")))),
                                count)
                        .stream("test.Who", "NameStream", (call, out) -> new TellName(call, out), count);
        return new Port.Side(
                methods, (request, reply) -> reply.accept(Page.json(200, "{\"path\":\"" + request.path() + "\"}")));
    }

    private static String send(int number, byte[] bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", number)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static byte[] helloOfVersion1Point1() {
        String hello = "0302" + "00".repeat(32) + "00" + "0002c013" + "0100";
        String handshake = "010000" + HexFormat.of().toHexDigits((byte) (hello.length() / 2)) + hello;
        return HexFormat.of()
                .parseHex("16030200" + HexFormat.of().toHexDigits((byte) (handshake.length() / 2)) + handshake);
    }
}
