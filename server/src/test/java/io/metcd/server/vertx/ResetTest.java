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
import io.metcd.server.testing.RawHttp2;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients that reset a stream whose answer is being written. */
class ResetTest {
    private static final StringValue HELLO = StringValue.of("hello");

    private static Port port;

    @BeforeAll
    static void open() throws IOException {
        CallCount count = new CallCount("test.Echo", "Talk", CallCount.Kind.BIDI_STREAM);
        Methods methods = new Methods().stream("test.Echo", "Talk", (call, out) -> new Talk(out), count);
        PortOptions options = new PortOptions("127.0.0.1", 0, 1, 1000, 1000);
        port = Port.open(options, loop -> new Port.Side(methods, (request, reply) -> {}));
    }

    @AfterAll
    static void close() {
        port.close(0);
    }

    @Test
    void theOtherStreamsOfTheConnectionGoOn() throws IOException {
        try (RawHttp2 client = new RawHttp2(port.number())) {
            client.open(1, "test.Echo/Talk").message(1, HELLO);
            client.add(RawHttp2.DATA, RawHttp2.END_STREAM, 1).reset(1);
            client.open(3, "test.Echo/Talk").message(3, HELLO).flush();

            RawHttp2.Frame frame = client.next();
            while (frame.type() != RawHttp2.DATA) {
                assertThat(frame.type()).isNotEqualTo(RawHttp2.GOAWAY);
                frame = client.next();
            }
            assertThat(frame.stream()).isEqualTo(3);
            assertThat(frame.payload().toArray()).endsWith(HELLO.toByteArray());
        }
    }

    /** Says what it hears, and ends when its client has. */
    private record Talk(Outbound out) implements Inbound {
        @Override
        public void message(Bytes message) {
            out.send(Payload.of(HELLO));
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
