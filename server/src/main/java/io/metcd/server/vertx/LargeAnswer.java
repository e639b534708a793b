package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/**
 * Writes an answer that is too large to be made at once: the next piece is made when the socket has taken the one
 * before, so a client that does not read costs one piece; and other work of the loop comes in between.
 */
final class LargeAnswer {
    /** What is made at once. A smaller answer is not cut. */
    static final int PIECE_BYTES = 256 << 10;

    private final UnaryFrames connection;
    private final int streamId;
    private final Iterator<Bytes> pieces;
    private final EventLoop loop;

    LargeAnswer(UnaryFrames connection, int streamId, Iterator<Bytes> pieces) {
        this.connection = connection;
        this.streamId = streamId;
        this.pieces = pieces;
        this.loop = connection.loop();
    }

    void start(byte[] prefix) {
        connection.begin(streamId, prefix);
        flow();
    }

    private void flow() {
        if (!pieces.hasNext()) {
            connection.succeed(streamId);
            return;
        }
        ByteBuf piece = Buffers.wrapped(pieces.next());
        Future<?> patience =
                loop.schedule(() -> connection.reset(streamId), connection.patienceNanos(), TimeUnit.NANOSECONDS);
        connection.write(streamId, piece).addListener(written -> {
            patience.cancel(false);
            if (written.isSuccess()) {
                loop.execute(this::flow);
            }
        });
    }
}
