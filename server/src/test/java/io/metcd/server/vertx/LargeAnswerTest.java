package io.metcd.server.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.StringValue;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.CallCount;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Methods;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Status;
import io.metcd.server.testing.GrpcClient;
import io.metcd.server.testing.GrpcStream;
import io.metcd.server.testing.HostileHttp2;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One event loop whose methods answer with more than a client takes at once (contract: wire.size.4). */
class LargeAnswerTest {
    private static final StringValue ASK = StringValue.of("x");
    private static final int PIECES = 256;
    private static final int PIECE = 256 << 10;

    /** What socket buffers and windows of HTTP/2 may hold between the two. */
    private static final int ON_THE_WAY = 16 << 20;

    private static final AtomicInteger MADE = new AtomicInteger();

    private static Port port;
    private static GrpcClient client;
    private static GrpcClient other;

    @BeforeAll
    static void open() throws IOException {
        port = Port.open(options(), loop -> new Port.Side(methods(), (request, reply) -> {}));
        client = new GrpcClient(port.number());
        other = new GrpcClient(port.number());
    }

    private static PortOptions options() {
        return new PortOptions("127.0.0.1", 0, 1, 100_000, 1 << 20);
    }

    private static Methods methods() {
        CallCount count = new CallCount("test.Large", "any", CallCount.Kind.UNARY);
        return new Methods()
                .unary("test.Large", "Get", (call, request, reply) -> reply.send(new Counted(PIECES)), count)
                .unary("test.Large", "Small", (call, request, reply) -> reply.send(Payload.of(ASK)), count)
                .unary("test.Large", "TooLarge", (call, request, reply) -> reply.send(new Counted(8192)), count);
    }

    @AfterAll
    static void close() {
        client.close();
        other.close();
        port.close(1000);
    }

    @Test
    void isMadeAsItsClientTakesIt() {
        MADE.set(0);
        GrpcStream stream = client.open("test.Large/Get");
        stream.send(ASK);
        stream.halfClose();
        stream.pause();

        // Each is a turn of the loop that makes the pieces.
        for (int i = 0; i < 200; i++) {
            other.call("test.Large/Small", ASK, StringValue.parser());
        }
        assertThat(MADE.get()).isBetween(1, ON_THE_WAY / PIECE);

        stream.resume();
        assertThat(stream.next().size()).isEqualTo(PIECES * PIECE);
        assertThat(stream.status()).isEqualTo(Status.OK);
        assertThat(MADE.get()).isEqualTo(PIECES);
    }

    @Test
    void isNotMadeAnyMoreForAClientThatHasGone() {
        MADE.set(0);
        GrpcStream stream = client.open("test.Large/Get");
        stream.send(ASK);
        stream.halfClose();
        stream.pause();

        stream.cancel();
        for (int i = 0; i < 200; i++) {
            other.call("test.Large/Small", ASK, StringValue.parser());
        }
        assertThat(MADE.get()).isLessThan(PIECES);
    }

    @Test
    void ofAClientThatTakesNothingIsGivenUpAfterSomeTimeAndItsConnectionStands() throws IOException {
        PortOptions impatient = options().withRules(ConnectionRules.DEFAULT.withPatience(Duration.ofMillis(300)));
        Port own = Port.open(impatient, loop -> new Port.Side(methods(), (request, reply) -> {}));
        try (HostileHttp2 idle = HostileHttp2.connect(own.number())) {
            idle.send(HostileHttp2.call(1, "test.Large/Get"), HostileHttp2.message(1));

            assertThat(idle.next(HostileHttp2.RST_STREAM).number()).isEqualTo(HostileHttp2.CANCEL);

            idle.send(HostileHttp2.frame(HostileHttp2.WINDOW_UPDATE, 0, 0, "0000ffff"));
            idle.send(HostileHttp2.call(3, "test.Large/Small"), HostileHttp2.message(3));
            assertThat(idle.endOf(3).headers()).containsEntry("grpc-status", "0");
        } finally {
            own.close(0);
        }
    }

    @Test
    void aboveTheLargestThatGrpcHasIsRefused() {
        Status status = client.failure("test.Large/TooLarge", ASK);

        assertThat(status)
                .isEqualTo(new Status(
                        Code.RESOURCE_EXHAUSTED, "trying to send message larger than max (2147483648 vs. 2147483647)"));
    }

    /** Pieces of zeros, counted when they are made. */
    private record Counted(int pieces) implements Payload {
        @Override
        public long size() {
            return (long) pieces * PIECE;
        }

        @Override
        public void writeTo(CodedOutputStream out) {
            throw new AssertionError("nobody makes this as a whole");
        }

        @Override
        public Iterator<Bytes> pieces(int pieceBytes) {
            return new Iterator<>() {
                private int made;

                @Override
                public boolean hasNext() {
                    return made < pieces;
                }

                @Override
                public Bytes next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException();
                    }
                    made++;
                    MADE.incrementAndGet();
                    return Bytes.wrap(new byte[PIECE]);
                }
            };
        }
    }
}
