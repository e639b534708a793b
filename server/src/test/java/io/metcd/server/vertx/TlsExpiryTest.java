package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Payload;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.testing.TlsClient;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that end, by the clock on the wall, while clients come and call (contract: wire.tls.4). */
class TlsExpiryTest {
    private static final Duration LIFE = Duration.ofSeconds(8);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CONNECTIONS_MAX = 30;
    private static final int KNOCKS = 4 * CONNECTIONS_MAX;

    private final TestAuthority authority = new TestAuthority("authority");
    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService regulars = Executors.newSingleThreadExecutor();

    @TempDir
    private Path directory;

    private Optional<Port> port = Optional.empty();

    @BeforeEach
    void writeAuthority() throws Exception {
        TestAuthority.write(
                directory.resolve("ca.pem"),
                "CERTIFICATE",
                authority.certificate().getEncoded());
    }

    @AfterEach
    void close() {
        over.set(true);
        regulars.shutdown();
        port.ifPresent(opened -> opened.close(0));
    }

    @Test
    void aServersCertificateThatEndsUnderLoadCostsNewcomersAloneUntilItIsRenewed() throws Exception {
        TestAuthority.write(directory, "server", authority.server());
        int number = open(Optional.empty());
        Future<Integer> calls = regulars.submit(callsUntilOver(number, authority.client("regular")));
        // Another each time: who resumes a session does not look at certificates again.
        Supplier<TlsClient> newcomers = () -> TlsClient.of(authority, Optional.empty());
        Instant end = Instant.now().plus(LIFE);
        TestAuthority.write(directory, "server", authority.server(end));

        knockUntilRefused(newcomers, number);

        assertThat(Instant.now()).isAfter(end.minusSeconds(1));
        assertThatThrownBy(() -> newcomers.get().visit(number))
                .isInstanceOf(SSLHandshakeException.class)
                .hasMessageContaining("validity check failed");
        for (int i = 0; i < KNOCKS; i++) {
            assertThat(newcomers.get().isServed(number)).isFalse();
        }
        TestAuthority.write(directory, "server", authority.server());
        assertThat(newcomers.get().isServed(number)).as("a place was kept free").isTrue();
        over.set(true);
        assertThat(calls.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
    }

    @Test
    void aClientsCertificateThatEndsUnderLoadOpensNoConnectionAnyMoreAndHurtsNobodyElse() throws Exception {
        TestAuthority.write(directory, "server", authority.server());
        int number = open(
                Optional.of(new TlsSettings.Clients(directory.resolve("ca.pem"), Optional.empty(), List.of(), true)));
        Instant end = Instant.now().plus(LIFE);
        Credentials brief = authority.client("regular", end);
        Future<Integer> calls = regulars.submit(callsUntilOver(number, brief));
        TlsClient newcomer = TlsClient.of(authority, Optional.of(brief));

        knockUntilRefused(() -> newcomer, number);

        assertThat(Instant.now()).isAfter(end.minusSeconds(1));
        for (int i = 0; i < KNOCKS; i++) {
            TlsClient another = TlsClient.of(authority, Optional.of(brief));
            assertThat(another.isServed(number, i % 2 == 0 ? "TLSv1.2" : "TLSv1.3"))
                    .isFalse();
            assertThat(newcomer.isServed(number)).as("by a resumed session").isFalse();
        }
        assertThat(TlsClient.of(authority, Optional.of(authority.client("bob"))).isServed(number))
                .isTrue();
        over.set(true);
        assertThat(calls.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isPositive();
    }

    /** By one connection, which was opened before anything ended: one that is refused or cut fails. */
    private Callable<Integer> callsUntilOver(int number, Credentials own) {
        GrpcClient client = new GrpcClient(number, authority, own);
        call(client);
        return () -> {
            int answered = 0;
            try (client) {
                while (!over.get()) {
                    call(client);
                    answered++;
                }
            }
            return answered;
        };
    }

    private static void call(GrpcClient client) {
        assertThat(client.call("test.Who/Name", StringValue.of("x"), StringValue.parser())
                        .getValue())
                .isNotEmpty();
    }

    private static void knockUntilRefused(Supplier<TlsClient> clients, int number) {
        Instant limit = Instant.now().plus(PATIENCE);
        int served = 0;
        while (clients.get().isServed(number)) {
            served++;
            assertThat(Instant.now())
                    .as("served longer than the certificate is valid")
                    .isBefore(limit);
        }
        assertThat(served).as("under load").isPositive();
    }

    private int open(Optional<TlsSettings.Clients> clients) throws Exception {
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InFiles(directory.resolve("server.pem"), directory.resolve("server-key.pem")),
                clients,
                List.of("TLSv1.2", "TLSv1.3"),
                List.of());
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000)
                .withTls(Optional.of(ServerTls.load(settings)))
                .withRules(ConnectionRules.DEFAULT.withConnections(CONNECTIONS_MAX, PATIENCE, PATIENCE));
        Port opened = Port.open(options, loop -> side());
        port = Optional.of(opened);
        return opened.number();
    }

    private static Port.Side side() {
        Methods methods = new Methods()
                .unary(
                        "test.Who",
                        "Name",
                        (call, request, reply) -> reply.send(
                                Payload.of(StringValue.of(call.commonName().orElse("no name")))),
                        new CallCount("test.Who", "Name", CallCount.Kind.UNARY));
        return new Port.Side(methods, (request, reply) -> reply.accept(Page.json(200, "{}")));
    }
}
