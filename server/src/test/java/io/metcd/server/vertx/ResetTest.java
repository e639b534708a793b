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
    void theOtherStreamsOfTheConnectionGoOn() {
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
