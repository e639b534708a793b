package io.metcd.server.vertx;

import static io.metcd.server.testing.HostileHttp2.CANCEL;
import static io.metcd.server.testing.HostileHttp2.DATA;
import static io.metcd.server.testing.HostileHttp2.END_HEADERS;
import static io.metcd.server.testing.HostileHttp2.END_STREAM;
import static io.metcd.server.testing.HostileHttp2.HEADERS;
import static io.metcd.server.testing.HostileHttp2.RST_STREAM;
import static io.metcd.server.testing.HostileHttp2.WINDOW_UPDATE;
import static io.metcd.server.testing.HostileHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.testing.HostileHttp2;
import io.metcd.server.testing.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers by JSON that take much memory, and clients that leave them lying (contract: json.10, wire.size.4). */
class JsonAnswersTest {
    private static final byte[] ALL = "{\"key\":\"AA==\"}".getBytes(StandardCharsets.US_ASCII);
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** Of one answer while it is made, with room for half of another. */
    private static final long ROOM = 9L * Rig.PAGE_BYTES / 2;

    private Optional<Rig> opened = Optional.empty();

    @AfterEach
    void nothingIsLeft() {
        Rig rig = opened.orElseThrow();
        rig.awaitNothingLeft();
        rig.close();
    }

    @Test
    void whatDoesNotFitBesideOthersIsRefusedWithWhatToDoUntilTheyAreTaken() throws IOException {
        Rig rig = open(LONG);
        try (Http slow = new Http(rig.port());
                Http other = new Http(rig.port())) {
            ask(slow);
            Http.Head head = slow.head();
            assertThat(head.status()).isEqualTo(200);

            Http.Answer refused = other.ask("POST", "/v3/kv/range", "", ALL);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.body())
                    .contains(
                            "\"code\":8",
                            "answers by JSON take too much memory at once: ask for less, with a limit and from key to"
                                    + " key, or try again");

            assertThat(slow.body(head))
                    .hasSizeGreaterThan(4 * Rig.PAGE_BYTES / 3)
                    .endsWith("\"}]}");
            rig.awaitNothingLeft();
            assertThat(other.ask("POST", "/v3/kv/range", "", ALL).status()).isEqualTo(200);
        }
    }

    @Test
    void aClientOfHttp1ThatTakesNothingIsCutOff() throws IOException {
        Rig rig = open(SHORT);
        try (Http idle = new Http(rig.port())) {
            ask(idle);
            Http.Head head = idle.head();

            rig.awaitNothingLeft();

            assertThat(idle.bodyUntilClosed(head)).isLessThan(4 * Rig.PAGE_BYTES / 3);
        }
    }

    @Test
    void aClientOfHttp2ThatTakesNothingLosesThatAnswerAlone() throws IOException {
        Rig rig = open(SHORT);
        try (HostileHttp2 client = HostileHttp2.connect(rig.port())) {
            client.send(
                    frame(HEADERS, END_HEADERS, 1, HostileHttp2.headers("/v3/kv/range", "application/json")),
                    frame(DATA, END_STREAM, 1, ALL));

            assertThat(client.next(RST_STREAM).number()).isEqualTo(CANCEL);

            client.send(frame(WINDOW_UPDATE, 0, 0, "0000ffff"));
            client.send(
                    frame(HEADERS, END_HEADERS, 3, HostileHttp2.headers("/v3/nothing", "application/json")),
                    frame(DATA, END_STREAM, 3, ALL));
            assertThat(client.next(HEADERS).headers()).containsEntry(":status", "404");
        }
    }

    private static void ask(Http http) {
        http.begin("POST", "/v3/kv/range", "Content-Length: " + ALL.length + "\r\n");
        http.sendRaw(ALL);
    }

    private Rig open(Duration patience) throws IOException {
        Rig rig = new Rig(ConnectionRules.DEFAULT.withPatience(patience), Budgets.of(1 << 20, ROOM));
        opened = Optional.of(rig);
        return rig;
    }
}
