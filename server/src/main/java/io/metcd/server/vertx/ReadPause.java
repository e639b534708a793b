package io.metcd.server.vertx;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads no further from a client that does not read: what was written for it waits in memory, and its next frames would
 * only make that more. It has some time to go on; then it is cut off.
 *
 * <p>Flow control does not bound that, since it is about the content of answers alone.
 */
final class ReadPause extends ChannelInboundHandlerAdapter {
    /** What may wait for the socket of one connection. */
    private static final long WAITING_MAX = 1 << 20;

    private final Duration patience;
    private @Nullable Future<?> end;

    ReadPause(Duration patience) {
        this.patience = patience;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        Channel channel = context.channel();
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (end == null && waiting != null && waiting.totalPendingWriteBytes() > WAITING_MAX) {
            channel.config().setAutoRead(false);
            end = context.executor().schedule(() -> context.close(), patience.toNanos(), TimeUnit.NANOSECONDS);
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Future<?> pause = end;
        if (pause != null && context.channel().isWritable()) {
            pause.cancel(false);
            end = null;
            context.channel().config().setAutoRead(true);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        Future<?> pause = end;
        if (pause != null) {
            pause.cancel(false);
        }
        context.fireChannelInactive();
    }
}
