package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Page;
import io.metcd.server.rpc.Payload;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.TestAuthority;
import io.metcd.server.tls.ServerTls;
import io.metcd.server.tls.TlsSettings;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that connect and then take their time (contract: wire.port.5). */
class IntakeTest {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final int TIMEOUT_MILLIS = 20_000;

    private final ConnectionCount shared = new ConnectionCount();
    private Optional<Port> port = Optional.empty();

    @AfterEach
    void close() {
        port.ifPresent(opened -> opened.close(0));
    }

    @Test
    void aConnectionThatSaysNothingIsClosed() throws IOException {
        int number = open(options(100, SHORT, LONG));

        assertThat(answerTo(number, "")).isEmpty();
    }

    @Test
    void aRequestWhoseHeadersNeverEndIsClosed() throws IOException {
        int number = open(options(100, SHORT, LONG));

        assertThat(answerTo(number, "GET /health HTTP/1.1\r\nx: ")).isEmpty();
    }

    @Test
    void aConnectionOfHttp2ThatNeverAgreesOnSettingsIsClosed() throws IOException {
        int number = open(options(100, SHORT, LONG));

        // The server's own settings come; its end comes, too.
        assertThat(answerTo(number, PREFACE)).isNotEmpty();
    }

    @Test
    void aHandshakeOfTlsThatDribblesIsClosed() throws Exception {
        TestAuthority authority = new TestAuthority("authority");
        TlsSettings settings = new TlsSettings(
                new TlsSettings.InMemory(authority.server()), Optional.empty(), List.of("TLSv1.3"), List.of());
        int number = open(options(100, SHORT, LONG).withTls(Optional.of(ServerTls.load(settings))));

        assertThat(answerTo(number, "\u0016\u0003\u0001")).hasSizeLessThan(16);
    }

    @Test
    void aConnectionOfHttp1MayRestBetweenRequestsForSomeTimeOnly() throws IOException {
        int number = open(options(100, LONG, SHORT));

        String answer = answerTo(number, "GET /health HTTP/1.1\r\nhost: x\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("{}");
    }

    @Test
    void aConnectionOfHttp2MayRestAsLongAsItLikes() throws Exception {
        int number = open(options(100, SHORT, SHORT));
        try (GrpcClient client = new GrpcClient(number);
                GrpcStream watch = client.open("test.Echo/Stream")) {
            watch.send(StringValue.of("a"));
            watch.next(StringValue.parser());

            // A connection that says nothing is closed after the time in which a connection must have said something.
            assertThat(answerTo(number, "")).isEmpty();
            assertThat(answerTo(number, "")).isEmpty();

            assertThat(watch.isOpen()).isTrue();
            assertThat(client.call("test.Echo/Echo", StringValue.of("b"), StringValue.parser())
                            .getValue())
                    .isEqualTo("b");
        }
    }

    @Test
    void oneConnectionMoreThanTheLimitIsClosedAndItsPlaceIsFreeAgainWhenAnotherLeaves() throws Exception {
        int number = open(options(3, LONG, LONG));
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            held.add(connect(number));
            assertThat(ask(held.get(i))).startsWith("HTTP/1.1 200");
        }

        try (Socket fourth = connect(number)) {
            assertThat(fourth.getInputStream().read()).isEqualTo(-1);
        }
        held.remove(0).close();

        String answer = "";
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!answer.startsWith("HTTP/1.1 200") && System.nanoTime() < deadline) {
            try (Socket again = connect(number)) {
                answer = ask(again);
            } catch (IOException stillFull) {
                answer = "";
            }
        }
        assertThat(answer).startsWith("HTTP/1.1 200");
        for (Socket socket : held) {
            socket.close();
        }
    }

    @Test
    void portsThatShareTheirBoundCountTogether() throws Exception {
        int number = open(options(2, LONG, LONG));
        Port first = port.orElseThrow();
        Port second = Port.open(options(2, LONG, LONG).withConnections(shared), loop -> side());
        try (Socket one = connect(number);
                Socket two = connect(second.number())) {
            assertThat(ask(one)).startsWith("HTTP/1.1 200");
            assertThat(ask(two)).startsWith("HTTP/1.1 200");
            for (Port full : List.of(first, second)) {
                try (Socket third = connect(full.number())) {
                    assertThat(third.getInputStream().read()).isEqualTo(-1);
                }
            }
        } finally {
            second.close(0);
        }
    }

    @Test
    void aThousandSlowConnectionsDoNotKeepACallWaiting() throws Exception {
        int number = open(options(2000, LONG, LONG));
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Socket socket = connect(number);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nx: ".getBytes(StandardCharsets.US_ASCII));
            slow.add(socket);
        }

        try (GrpcClient client = new GrpcClient(number)) {
            assertThat(client.call("test.Echo/Echo", StringValue.of("b"), StringValue.parser())
                            .getValue())
                    .isEqualTo("b");
        }
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    void asManyRequestsAsOneLikesMayComeWithoutWaitingForTheirAnswers() throws IOException {
        int number = open(options(100, LONG, LONG));
        String request = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";

        String answers = answerTo(number, request.repeat(999) + request.replace("host", "connection: close\r\nhost"));

        assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(1001);
    }

    private int open(PortOptions options) throws IOException {
        Port opened = Port.open(options.withConnections(shared), loop -> side());
        port = Optional.of(opened);
        return opened.number();
    }

    private static PortOptions options(int connections, Duration arrival, Duration idle) {
        return new PortOptions("127.0.0.1", 0, 1, 1000, 1 << 20)
                .withRules(ConnectionRules.DEFAULT.withConnections(connections, arrival, idle));
    }

    private static Port.Side side() {
        CallCount count = new CallCount("test.Echo", "Echo", CallCount.Kind.UNARY);
        Methods methods = new Methods()
                        .unary(
                                "test.Echo",
                                "Echo",
                                (call, request, reply) -> reply.send(Payload.of(StringValue.of(
                                        request.slice(2, request.size()).toUtf8()))),
                                count)
                        .stream("test.Echo", "Stream", (call, out) -> new EchoStream(out), count);
        return new Port.Side(methods, (request, reply) -> reply.accept(Page.json(200, "{}")));
    }

    private static Socket connect(int number) throws IOException {
        Socket socket = new Socket("127.0.0.1", number);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** Sends that much and no more; what came back until the server closed. */
    private static String answerTo(int number, String beginning) throws IOException {
        try (Socket socket = connect(number)) {
            socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** One request on a connection that stays open. */
    private static String ask(Socket socket) throws IOException {
        socket.getOutputStream().write("GET /health HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes(12);
        return new String(answer, StandardCharsets.US_ASCII);
    }
}
