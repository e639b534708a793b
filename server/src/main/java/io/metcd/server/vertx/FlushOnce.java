package io.metcd.server.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * Makes one flush of the many that a connection asks for while its loop works off what it has: the replies of a whole
 * batch leave in one system call. Vert.x alone flushes each part of each reply.
 *
 * <p>Stands first in the pipeline, next to the socket or, where the connection is encrypted, next to TLS.
 */
final class FlushOnce extends ChannelOutboundHandlerAdapter {
    /** No frame of a ping's answer, a window or settings has more bytes in one piece; data and headers mostly have. */
    private static final int CONTROL_BYTES_MAX = 17;

    private final PingPolicy pings;
    private boolean scheduled;
    private boolean atOnce;

    FlushOnce(PingPolicy pings) {
        this.pings = pings;
    }

    /** A message leaves as its client's window allows, and clients measure the path with each part that comes. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes && bytes.readableBytes() > CONTROL_BYTES_MAX) {
            pings.onSent();
        }
        context.write(message, promise);
    }

    @Override
    public void flush(ChannelHandlerContext context) {
        if (atOnce) {
            context.flush();
        } else if (!scheduled) {
            scheduled = true;
            context.channel().eventLoop().execute(() -> {
                scheduled = false;
                context.flush();
            });
        }
    }

    /** Lets the flushes of the action through: it runs at the end of a turn itself. */
    void atOnce(Runnable action) {
        atOnce = true;
        try {
            action.run();
        } finally {
            atOnce = false;
        }
    }

    /** What was written before the end still leaves. */
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        context.flush();
        context.close(promise);
    }
}
