package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.BytesValue;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.StringValue;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.EventLoop;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The port with methods that only echo. */
class PortTest {
    private static final int MAX = 100_000;
    private static final CallCount ECHO = new CallCount("test.Echo", "Echo", CallCount.Kind.UNARY);
    private static final AtomicInteger CANCELLED = new AtomicInteger();
    private static final AtomicInteger GIVEN_UP = new AtomicInteger();
    private static final CompletableFuture<Integer> SENT_BEFORE_FULL = new CompletableFuture<>();
    private static final CompletableFuture<Boolean> WRITABLE_AGAIN = new CompletableFuture<>();

    private static Port port;
    private static GrpcClient client;

    @BeforeAll
    static void open() throws IOException {
        PortOptions options = new PortOptions("127.0.0.1", 0, 2, MAX, 1 << 20);
        port = Port.open(
                options, loop -> new Port.Side(methods(), (request, reply) -> reply.accept(page(request.path()))));
        client = new GrpcClient(port.number());
    }

    @AfterAll
    static void close() {
        client.close();
        port.close(1000);
    }

    @Test
    void aUnaryCallIsAnsweredWithItsMessage() {
        StringValue reply = client.call("test.Echo/Echo", StringValue.of("hello"), StringValue.parser());

        assertThat(reply.getValue()).isEqualTo("hello");
        assertThat(ECHO.handled(Code.OK)).isPositive();
    }

    /** contract: wire.text.1 */
    @Test
    void aFailureArrivesWithCodeAndTextLetterByLetter() {
        Status status = client.failure("test.Echo/Fail", StringValue.of("100% für"));

        assertThat(status).isEqualTo(new Status(Code.NOT_FOUND, "100% für"));
    }

    @Test
    void unknownMethodsAndServicesAreUnimplementedInTheWordsOfGo() {
        StringValue any = StringValue.of("x");

        assertThat(client.failure("test.Echo/Nothing", any))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "unknown method Nothing for service test.Echo"));
        assertThat(client.failure("no.Such/Method", any))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "unknown service no.Such"));
        assertThat(client.failure("nonsense", any))
                .isEqualTo(new Status(Code.UNIMPLEMENTED, "malformed method name: \"/nonsense\""));
    }

    @Test
    void aMessageAboveTheLimitIsResourceExhausted() {
        BytesValue large = BytesValue.of(ByteString.copyFrom(new byte[MAX + 1000]));

        Status status = client.failure("test.Echo/Echo", large);

        assertThat(status.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(status.text())
                .startsWith("grpc: received message larger than max (10100")
                .endsWith(" vs. 100000)");
    }

    @Test
    void aCallWithoutAMessageFails() {
        try (GrpcStream call = client.open("test.Echo/Echo")) {
            call.halfClose();

            assertThat(call.status()).isEqualTo(new Status(Code.INTERNAL, "unexpected EOF"));
        }
    }

    @Test
    void aBadTimeoutIsRefused() {
        Status status = client.failure("test.Echo/Echo", StringValue.of("x"), Map.of("grpc-timeout", "soon"));

        assertThat(status).isEqualTo(new Status(Code.INTERNAL, "malformed grpc-timeout: soon"));
    }

    @Test
    void aCallThatWaitsTooLongEndsAtItsDeadline() {
        Status status = client.failure("test.Echo/Never", StringValue.of("x"), Map.of("grpc-timeout", "50m"));

        assertThat(status).isEqualTo(new Status(Code.DEADLINE_EXCEEDED, "context deadline exceeded"));
    }

    @Test
    void aUnaryMethodHearsOfACallerThatGoesAwayWhileItWaits() {
        int before = GIVEN_UP.get();
        GrpcStream call = client.open("test.Echo/Never");
        call.send(StringValue.of("x"));
        call.halfClose();
        // Answered on the same connection and behind the first: so that one has begun.
        client.call("test.Echo/Echo", StringValue.of("behind it"), StringValue.parser());

        call.cancel();

        awaitMore(GIVEN_UP, before);
    }

    @Test
    void aUnaryCallByAnotherMethodThanPostIsTold() throws Exception {
        HttpRequest get = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.number() + "/test.Echo/Echo"))
                .header("content-type", "application/grpc")
                .build();

        // Two, because a client without prior knowledge of HTTP/2 asks for it with its first.
        HttpClient http = HttpClient.newHttpClient();
        http.send(get, HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> response = http.send(get, HttpResponse.BodyHandlers.ofString());

        assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(response.headers().firstValue("grpc-status")).contains("13");
        assertThat(response.headers().firstValue("grpc-message").orElseThrow()).startsWith("a unary call is a POST");
    }

    @Test
    void aStreamGoesOnAfterTheClientHasSaidItsLast() {
        try (GrpcStream stream = client.open("test.Echo/Stream")) {
            stream.send(StringValue.of("a"));
            stream.send(StringValue.of("b"));
            stream.halfClose();

            assertThat(stream.next(StringValue.parser()).getValue()).isEqualTo("a");
            assertThat(stream.next(StringValue.parser()).getValue()).isEqualTo("b");
            assertThat(stream.next(StringValue.parser()).getValue()).isEqualTo("half closed");
            assertThat(stream.isOpen()).isTrue();
        }
    }

    @Test
    void aStreamThatTheServerEndsCarriesItsStatus() {
        try (GrpcStream stream = client.open("test.Echo/Stream")) {
            stream.send(StringValue.of("a"));
            stream.send(StringValue.of("end"));

            assertThat(stream.status()).isEqualTo(new Status(Code.UNAVAILABLE, "etcdserver: no leader"));
            assertThat(stream.next(StringValue.parser()).getValue()).isEqualTo("a");
        }
    }

    @Test
    void aStreamWithADeadlineEndsAtIt() {
        try (GrpcStream stream = client.open("test.Echo/Stream", Map.of("grpc-timeout", "50m"))) {
            assertThat(stream.status().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        }
    }

    @Test
    void theServerHearsOfAClientThatGoesAway() {
        int before = CANCELLED.get();
        GrpcStream stream = client.open("test.Echo/Stream");
        stream.send(StringValue.of("a"));
        stream.next();

        stream.cancel();

        awaitMore(CANCELLED, before);
    }

    @Test
    void aProducerStopsWhileItsClientDoesNotReadAndGoesOnWhenItDoes() throws Exception {
        try (GrpcStream stream = client.open("test.Echo/Flood")) {
            stream.send(StringValue.of("go"));
            stream.next();
            stream.pause();

            int sent = SENT_BEFORE_FULL.get(10, TimeUnit.SECONDS);
            stream.resume();

            assertThat(sent).isLessThan(200);
            assertThat(WRITABLE_AGAIN.get(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** contract: wire.port.1 */
    @Test
    void plainHttpIsAnsweredOnTheSamePortInBothVersions() throws Exception {
        for (HttpClient.Version version : HttpClient.Version.values()) {
            HttpClient http = HttpClient.newBuilder().version(version).build();
            URI page = URI.create("http://127.0.0.1:" + port.number() + "/health?serializable=true");

            HttpResponse<String> response =
                    http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("{\"path\":\"/health\"}");
            assertThat(response.headers().firstValue("content-type")).contains("application/json");
        }
    }

    @Test
    void aPortThatClosesLetsCallsFinish() throws Exception {
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, MAX, 1 << 20);
        CompletableFuture<Reply> waiting = new CompletableFuture<>();
        CallCount count = new CallCount("test.Slow", "Call", CallCount.Kind.UNARY);
        CompletableFuture<EventLoop> loops = new CompletableFuture<>();
        Methods slow = new Methods().unary("test.Slow", "Call", (call, bytes, reply) -> waiting.complete(reply), count);
        Port closing = Port.open(options, loop -> {
            loops.complete(loop);
            return new Port.Side(slow, (request, reply) -> {});
        });
        try (GrpcClient slowClient = new GrpcClient(closing.number());
                GrpcStream call = slowClient.open("test.Slow/Call")) {
            call.send(StringValue.of("x"));
            call.halfClose();
            Reply reply = waiting.get(10, TimeUnit.SECONDS);

            CompletableFuture<Void> closed = CompletableFuture.runAsync(() -> closing.close(10_000));
            loops.get().schedule(200_000_000L, () -> reply.send(Payload.of(StringValue.of("late, but there"))));

            assertThat(call.next(StringValue.parser()).getValue()).isEqualTo("late, but there");
            closed.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void aTakenPortIsAnErrorThatNamesIt() {
        PortOptions options = new PortOptions("127.0.0.1", port.number(), 1, MAX, 1 << 20);

        assertThatThrownBy(() -> Port.open(options, loop -> new Port.Side(new Methods(), (request, reply) -> {})))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on 127.0.0.1:" + port.number() + ": ");
    }

    private static void awaitMore(AtomicInteger counter, int before) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (counter.get() == before && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(counter.get()).isEqualTo(before + 1);
    }

    private static Page page(String path) {
        return Page.json(503, "{\"path\":\"" + path + "\"}");
    }

    private static Methods methods() {
        CallCount count = new CallCount("test.Echo", "other", CallCount.Kind.UNARY);
        return new Methods()
                        .unary("test.Echo", "Echo", (call, request, reply) -> reply.send(raw(request)), ECHO)
                        .unary(
                                "test.Echo",
                                "Fail",
                                (call, request, reply) -> reply.fail(new Status(
                                        Code.NOT_FOUND,
                                        request.slice(2, request.size()).toUtf8())),
                                count)
                        .unary(
                                "test.Echo",
                                "Never",
                                (call, request, reply) -> call.onCancel(GIVEN_UP::incrementAndGet),
                                count)
                        .stream("test.Echo", "Stream", (call, out) -> new Echo(out), count)
                        .stream("test.Echo", "Flood", (call, out) -> new Flood(out), count);
    }

    private static Payload raw(Bytes bytes) {
        return new Payload() {
            @Override
            public long size() {
                return bytes.size();
            }

            @Override
            public void writeTo(CodedOutputStream out) throws IOException {
                out.writeRawBytes(bytes.toArray());
            }
        };
    }

    private static final class Echo implements Inbound {
        private final Outbound out;

        Echo(Outbound out) {
            this.out = out;
        }

        @Override
        public void message(Bytes message) {
            if (message.toUtf8().endsWith("end")) {
                out.end(new Status(Code.UNAVAILABLE, "etcdserver: no leader"));
            } else {
                out.send(raw(message));
            }
        }

        @Override
        public void halfClosed() {
            out.send(Payload.of(StringValue.of("half closed")));
        }

        @Override
        public void cancelled() {
            CANCELLED.incrementAndGet();
        }

        @Override
        public void writable() {}
    }

    /** Sends 64 KiB messages for as long as it may. */
    private static final class Flood implements Inbound {
        private final Outbound out;
        private int sent;

        Flood(Outbound out) {
            this.out = out;
        }

        @Override
        public void message(Bytes message) {
            while (out.writable() && sent < 10_000) {
                out.send(Payload.of(BytesValue.of(ByteString.copyFrom(new byte[64 << 10]))));
                sent++;
            }
            SENT_BEFORE_FULL.complete(sent);
        }

        @Override
        public void halfClosed() {}

        @Override
        public void cancelled() {}

        @Override
        public void writable() {
            WRITABLE_AGAIN.complete(true);
        }
    }
}
