package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.testing.HostileHttp2;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.testing.TlsClient;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests with more headers, or gRPC's metadata, than anybody needs (contract: wire.port.6). */
class HeaderBoundTest {
    private final TestAuthority authority = new TestAuthority("authority");
    private Port port;

    @BeforeEach
    void open() throws Exception {
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InMemory(authority.server()), Optional.empty(), List.of("TLSv1.3"), List.of());
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000);
        Port.Side side = new Port.Side(new Methods(), (request, reply) -> reply.accept(Page.json(200, "{}")));
        port = Port.open(options.withTls(Optional.of(ServerTls.load(settings))), loop -> side);
    }

    @AfterEach
    void close() {
        port.close(0);
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void headersBeyondTheBoundAreRefusedAndTheNextRequestIsServed(HttpClient.Version version) throws Exception {
        HttpClient http = http(version);

        assertThat(status(http, 60 << 10)).isEqualTo(200);
        assertThat(status(http, 70 << 10)).isEqualTo(431);
        assertThat(status(http, 1)).isEqualTo(200);
    }

    @Test
    void farTooManyHeadersEndTheirConnectionAndNoOther() throws Exception {
        HttpClient greedy = http(HttpClient.Version.HTTP_2);
        HttpClient other = http(HttpClient.Version.HTTP_2);
        assertThat(status(other, 1)).isEqualTo(200);

        assertThatThrownBy(() -> status(greedy, 1 << 20)).isInstanceOf(IOException.class);

        assertThat(status(other, 1)).isEqualTo(200);
        assertThat(status(greedy, 1)).isEqualTo(200);
    }

    @Test
    void metadataBeyondTheBoundIsRefusedAndTheNextCallIsServed() throws Exception {
        try (Rig rig = new Rig(ConnectionRules.DEFAULT, Budgets.of(1 << 20, 1 << 20));
                HostileHttp2 client = HostileHttp2.connect(rig.port())) {
            client.send(HostileHttp2.call(1, "test.Rig/Echo"));
            client.send(withMetadata(3, 66_000));
            assertThat(client.endOf(3).headers()).containsEntry(":status", "431");

            client.send(withMetadata(5, 64_000), HostileHttp2.message(5, (byte) 10, (byte) 1, (byte) 'a'));
            assertThat(client.endOf(5).headers()).containsEntry("grpc-status", "0");

            client.send(withMetadata(7, 100_000));
            assertThat(client.goAway()).isIn(HostileHttp2.PROTOCOL_ERROR, HostileHttp2.UNHEARD);
            rig.awaitNothingLeft();
            assertThat(rig.echo("another")).isEqualTo("another");
        }
    }

    /** The beginning of a call with one more header, in as many frames as it takes. */
    private static byte[] withMetadata(int stream, int bytes) {
        int room = 16_384;
        byte[] block = HostileHttp2.join(
                HostileHttp2.callHeaders("test.Rig/Echo"), HostileHttp2.header("x-large", "~".repeat(bytes)));
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int from = 0; from < block.length; from += room) {
            byte[] piece = Arrays.copyOfRange(block, from, Math.min(block.length, from + room));
            int type = from == 0 ? HostileHttp2.HEADERS : HostileHttp2.CONTINUATION;
            int flags = from + room < block.length ? 0 : HostileHttp2.END_HEADERS;
            frames.writeBytes(HostileHttp2.frame(type, flags, stream, piece));
        }
        return frames.toByteArray();
    }

    private HttpClient http(HttpClient.Version version) {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(TlsClient.of(authority, Optional.empty()).context())
                .build();
    }

    private int status(HttpClient http, int headerBytes) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port.number() + "/version"))
                .header("x-large", "~".repeat(headerBytes))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
