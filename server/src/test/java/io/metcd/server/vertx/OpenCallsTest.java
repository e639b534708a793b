package io.metcd.server.vertx;

import static io.metcd.server.testing.HostileHttp2.DATA;
import static io.metcd.server.testing.HostileHttp2.REFUSED_STREAM;
import static io.metcd.server.testing.HostileHttp2.RST_STREAM;
import static io.metcd.server.testing.HostileHttp2.call;
import static io.metcd.server.testing.HostileHttp2.frame;
import static io.metcd.server.testing.HostileHttp2.join;
import static io.metcd.server.testing.HostileHttp2.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.rpc.Code;
import io.metcd.server.testing.HostileHttp2;
import io.metcd.server.testing.HostileHttp2.Frame;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are begun and not ended, and what they hold meanwhile (contract: wire.port.8). */
class OpenCallsTest {
    private static final byte[] EMPTY = {};
    private static final int ROOM = 250_000;
    private static final String NO_WINDOW = "000400000000";

    private Optional<Rig> opened = Optional.empty();

    @AfterEach
    void othersAreServedAndNothingIsLeft() {
        Rig rig = opened.orElseThrow();
        rig.awaitNothingLeft();
        assertThat(rig.echo("after")).isEqualTo("after");
        rig.close();
    }

    @Test
    void callsWhoseRequestNeverComesAreAsManyAsAConnectionMayHave() throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT.withStreamsMax(500), Long.MAX_VALUE);
        try (HostileHttp2 client = HostileHttp2.connect(rig.port())) {
            client.calls(501, stream -> call(stream, "test.Rig/Echo"));

            Frame refused = client.next(RST_STREAM);
            assertThat(refused.stream()).isEqualTo(1001);
            assertThat(refused.number()).isEqualTo(REFUSED_STREAM);
            assertThat(rig.openCalls()).isEqualTo(500);
            assertThat(rig.echo("meanwhile")).isEqualTo("meanwhile");
        }
        rig.awaitNothingLeft();
        assertThat(rig.handled(Code.CANCELLED)).isEqualTo(500);
    }

    @Test
    void callsOnAllConnectionsHaveTheirRoomTogether() throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT, ROOM);
        try (HostileHttp2 one = HostileHttp2.connect(rig.port());
                HostileHttp2 two = HostileHttp2.connect(rig.port())) {
            one.calls(80, stream -> call(stream, "test.Rig/Echo"));
            rig.awaitOpenCalls(80);
            two.calls(80, stream -> call(stream, "test.Rig/Stream"));

            assertThat(two.next(RST_STREAM).number()).isEqualTo(REFUSED_STREAM);
            assertThat(rig.openCalls()).isBetween(81L, 140L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Echo", "Stream"})
    void messagesThatNeverEndAreRefusedBeyondIt(String method) throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT, ROOM);
        // The prefix of a message of 90,000 bytes, and most of it.
        byte[] most = new byte[16_384];
        most[2] = 1;
        most[3] = 0x5f;
        most[4] = (byte) 0x90;
        try (HostileHttp2 client = HostileHttp2.connect(rig.port())) {
            client.calls(
                    5,
                    stream -> join(
                            call(stream, "test.Rig/" + method),
                            frame(DATA, 0, stream, most),
                            frame(DATA, 0, stream, new byte[16_384]),
                            frame(DATA, 0, stream, new byte[16_384]),
                            frame(DATA, 0, stream, new byte[16_384])));

            assertThat(client.endOf(9).headers())
                    .containsEntry("grpc-status", Code.RESOURCE_EXHAUSTED.number())
                    .containsEntry(
                            "grpc-message",
                            "open calls take too much memory: have fewer at once, or read their answers");
            assertThat(rig.echo("meanwhile")).isEqualTo("meanwhile");
        }
    }

    @Test
    void aBodyOfJsonThatNeverEndsIsRefusedBeyondIt() throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT, ROOM);
        try (Http client = new Http(rig.port())) {
            client.begin("POST", "/v3/kv/range", "Content-Length: 1000000\r\n");
            client.send("{\"key\":\"" + "A".repeat(ROOM));

            Http.Head head = client.head();

            assertThat(head.status()).isEqualTo(429);
            assertThat(client.body(head))
                    .contains("\"code\":8,\"message\":\"open calls take too much memory: have fewer at once");
        }
    }

    @Test
    void answersThatAreNotTakenAreRefusedBeyondIt() throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT, ROOM);
        try (HostileHttp2 client = HostileHttp2.connect(rig.port(), NO_WINDOW)) {
            client.calls(3, stream -> join(call(stream, "test.Rig/Large"), message(stream, EMPTY)));

            assertThat(client.endOf(5).headers()).containsEntry("grpc-status", Code.RESOURCE_EXHAUSTED.number());
        }
    }

    @Test
    void aClientThatReadsNothingIsReadNoFurtherAndThenCutOff() throws IOException {
        Rig rig = open(ConnectionRules.DEFAULT.withPatience(Duration.ofMillis(300)), Long.MAX_VALUE);
        try (HostileHttp2 client = HostileHttp2.deaf(rig.port())) {
            boolean taken =
                    client.calls(1_000_000, stream -> join(call(stream, "test.Rig/Fail"), message(stream, EMPTY)));

            assertThat(taken).isFalse();
            // What the sockets of both hold, which the system sizes as it likes, and a megabyte.
            assertThat(rig.handled(Code.NOT_FOUND)).isLessThan(100_000);
        }
    }

    private Rig open(ConnectionRules rules, long room) throws IOException {
        Rig rig = new Rig(rules, Budgets.of(room, Long.MAX_VALUE));
        opened = Optional.of(rig);
        return rig;
    }
}
