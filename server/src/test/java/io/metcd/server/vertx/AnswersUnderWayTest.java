package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.StringValue;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.HostileHttp2;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients do with a stream whose answer is being written. */
class AnswersUnderWayTest {
    private static final StringValue HELLO = StringValue.of("hello");
    private static final StringValue LARGE = StringValue.of("large ".repeat(100_000));

    private static Port port;

    @BeforeAll
    static void open() throws IOException {
        CallCount count = new CallCount("test.Echo", "Talk", CallCount.Kind.BIDI_STREAM);
        Methods methods = new Methods()
                .stream("test.Echo", "Talk", (call, out) -> new Talk(out, HELLO), count).stream(
                        "test.Echo", "Large", (call, out) -> new Talk(out, LARGE), count);
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000);
        port = Port.open(options, loop -> new Port.Side(methods, (request, reply) -> {}));
    }

    @AfterAll
    static void close() {
        port.close(0);
    }

    @Test
    void aResetIsOfOneStreamAndTheOthersOfItsConnectionGoOn() {
        try (HostileHttp2 client = HostileHttp2.connect(port.number())) {
            client.send(HostileHttp2.join(
                    HostileHttp2.call(1, "test.Echo/Talk"),
                    HostileHttp2.message(1, HELLO.toByteArray()),
                    HostileHttp2.frame(HostileHttp2.RST_STREAM, 0, 1, "00000008"),
                    HostileHttp2.call(3, "test.Echo/Talk"),
                    HostileHttp2.message(3, HELLO.toByteArray())));

            HostileHttp2.Frame answer = client.next(HostileHttp2.DATA);

            assertThat(answer.stream()).isEqualTo(3);
            assertThat(answer.payload().toArray()).endsWith(HELLO.toByteArray());
        }
    }

    /** Go's client pings when a part of a message has come, to measure the path (contract: wire.keepalive.1). */
    @Test
    void aPingBehindAPartOfAMessageIsFree() {
        try (HostileHttp2 client = HostileHttp2.connect(port.number())) {
            client.send(HostileHttp2.call(1, "test.Echo/Large"), HostileHttp2.message(1, HELLO.toByteArray()));

            int received = 0;
            boolean measuring = false;
            while (received < LARGE.getSerializedSize()) {
                HostileHttp2.Frame frame = client.next();
                assertThat(frame.type()).isNotEqualTo(HostileHttp2.GOAWAY);
                if (frame.type() == HostileHttp2.PING) {
                    measuring = false;
                } else if (frame.type() == HostileHttp2.DATA) {
                    received += frame.payload().size();
                    if (!measuring) {
                        client.send(HostileHttp2.frame(HostileHttp2.PING, 0, 0, "0000000000000001"));
                        measuring = true;
                    }
                    byte[] room = ByteBuffer.allocate(4)
                            .putInt(frame.payload().size())
                            .array();
                    client.send(
                            HostileHttp2.frame(HostileHttp2.WINDOW_UPDATE, 0, 0, room),
                            HostileHttp2.frame(HostileHttp2.WINDOW_UPDATE, 0, 1, room));
                }
            }
        }
    }

    /** Answers what it hears, and ends when its client has. */
    private record Talk(Outbound out, StringValue answer) implements Inbound {
        @Override
        public void message(Bytes message) {
            out.send(Payload.of(answer));
        }

        @Override
        public void halfClosed() {
            out.end(Status.OK);
        }

        @Override
        public void cancelled() {}

        @Override
        public void writable() {}
    }
}
