package io.metcd.server.vertx;

import static io.metcd.server.testing.HostileHttp2.CONTINUATION;
import static io.metcd.server.testing.HostileHttp2.DATA;
import static io.metcd.server.testing.HostileHttp2.END_HEADERS;
import static io.metcd.server.testing.HostileHttp2.ENHANCE_YOUR_CALM;
import static io.metcd.server.testing.HostileHttp2.FLOW_CONTROL_ERROR;
import static io.metcd.server.testing.HostileHttp2.HEADERS;
import static io.metcd.server.testing.HostileHttp2.PING;
import static io.metcd.server.testing.HostileHttp2.PROTOCOL_ERROR;
import static io.metcd.server.testing.HostileHttp2.PUSH_PROMISE;
import static io.metcd.server.testing.HostileHttp2.RST_STREAM;
import static io.metcd.server.testing.HostileHttp2.SETTINGS;
import static io.metcd.server.testing.HostileHttp2.UNHEARD;
import static io.metcd.server.testing.HostileHttp2.WINDOW_UPDATE;
import static io.metcd.server.testing.HostileHttp2.call;
import static io.metcd.server.testing.HostileHttp2.callHeaders;
import static io.metcd.server.testing.HostileHttp2.frame;
import static io.metcd.server.testing.HostileHttp2.join;
import static io.metcd.server.testing.HostileHttp2.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.server.testing.HostileHttp2;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Frames of HTTP/2 by the thousand, which cost their sender little (contract: wire.port.7). */
class FloodTest {
    private static final byte[] NOTHING = {};
    private static final byte[] MESSAGE = {10, 1, 'a'};
    private static final int CALLS = 30_000;

    private static Rig rig;

    @BeforeAll
    static void open() throws IOException {
        rig = new Rig(ConnectionRules.DEFAULT, Budgets.of(64 << 20, 1 << 20));
        assertThat(rig.echo("before")).isEqualTo("before");
    }

    @AfterAll
    static void close() {
        rig.close();
    }

    /** Whatever the flood was: others are answered on connections that stand, and nothing of it is left. */
    @AfterEach
    void othersAreServedAndNothingIsLeft() {
        assertThat(rig.echo("after")).isEqualTo("after");
        rig.awaitNothingLeft();
    }

    @Test
    void callsThatAreResetAsSoonAsTheyBegin() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.calls(CALLS, stream -> join(call(stream, "test.Rig/Echo"), frame(RST_STREAM, 0, stream, "00000008")));

            assertThat(flood.goAway()).isIn(ENHANCE_YOUR_CALM, UNHEARD);
        }
    }

    @Test
    void mistakesThatMakeTheServerResetTheCalls() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.calls(
                    CALLS, stream -> join(call(stream, "test.Rig/Echo"), frame(WINDOW_UPDATE, 0, stream, "00000000")));

            assertThat(flood.goAway()).isIn(ENHANCE_YOUR_CALM, UNHEARD);
        }
    }

    @Test
    void pings() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.repeat(10_000, frame(PING, 0, 0, "0123456789abcdef"));

            assertThat(flood.goAway()).isIn(ENHANCE_YOUR_CALM, UNHEARD);
        }
    }

    @Test
    void settingsThatSayNothing() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.repeat(10_000, frame(SETTINGS, 0, 0, ""));

            assertThat(flood.goAway()).isIn(ENHANCE_YOUR_CALM, UNHEARD);
        }
    }

    @Test
    void piecesOfARequestWithNothingInThem() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.send(call(1, "test.Rig/Echo"));
            flood.repeat(10_000, frame(DATA, 0, 1, NOTHING));

            assertThat(flood.goAway()).isIn(PROTOCOL_ERROR, UNHEARD);
        }
    }

    @Test
    void headersThatGoOnAndOnByteByByte() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.send(frame(HEADERS, 0, 1, callHeaders("test.Rig/Echo")));
            flood.repeat(10_000, frame(CONTINUATION, 0, 1, "82"));

            assertThat(flood.goAway()).isIn(ENHANCE_YOUR_CALM, UNHEARD);
        }
    }

    @Test
    void headersThatGoOnAndOnInLargePieces() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.send(frame(HEADERS, 0, 1, callHeaders("test.Rig/Echo")));
            flood.repeat(100, frame(CONTINUATION, 0, 1, new byte[16_384]));

            assertThat(flood.goAway()).isIn(PROTOCOL_ERROR, UNHEARD);
        }
    }

    @Test
    void aFrameThatIsNotAllowedAmidManyCalls() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            flood.calls(100, stream -> call(stream, "test.Rig/Echo"));
            flood.send(join(frame(PUSH_PROMISE, END_HEADERS, 1, "00000002"), call(301, "test.Rig/Echo")));

            assertThat(flood.goAway()).isIn(PROTOCOL_ERROR, UNHEARD);
        }
    }

    @Test
    void windowsThatGrowByteByByteCostNothingAndNotTheConnection() {
        try (HostileHttp2 flood = HostileHttp2.connect(rig.port())) {
            assertThat(flood.repeat(100_000, frame(WINDOW_UPDATE, 0, 0, "00000001")))
                    .isTrue();
            flood.send(call(1, "test.Rig/Echo"), message(1, MESSAGE));
            assertThat(flood.endOf(1).headers()).containsEntry("grpc-status", "0");

            flood.send(frame(WINDOW_UPDATE, 0, 0, "7fffffff"));
            assertThat(flood.goAway()).isIn(FLOW_CONTROL_ERROR, UNHEARD);
        }
    }

    @Test
    void headersWithoutAnEndHoldUpTheirOwnConnectionAlone() {
        try (HostileHttp2 unfinished = HostileHttp2.connect(rig.port())) {
            unfinished.send(frame(HEADERS, 0, 1, callHeaders("test.Rig/Echo")));
            assertThat(rig.echo("meanwhile")).isEqualTo("meanwhile");

            unfinished.send(frame(CONTINUATION, END_HEADERS, 1, NOTHING));
            unfinished.send(message(1, MESSAGE));
            assertThat(unfinished.endOf(1).headers()).containsEntry("grpc-status", "0");
        }
    }
}
