package io.metcd.mesh.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.PortUnreachableException;
import java.util.function.Consumer;

/**
 * Below a dialled QUIC connection: the system's word that nothing listens there ends the dial at once. A link is not ended
 * by it, because anybody may forge it.
 */
final class Unreachable extends ChannelInboundHandlerAdapter {
    private final Consumer<String> refused;

    Unreachable(Consumer<String> refused) {
        this.refused = refused;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof PortUnreachableException) {
            refused.accept("connection refused: nothing listens there");
        }
    }
}
