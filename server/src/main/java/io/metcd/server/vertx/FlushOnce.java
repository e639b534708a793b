package io.metcd.server.vertx;

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
    private boolean scheduled;
    private boolean atOnce;

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
