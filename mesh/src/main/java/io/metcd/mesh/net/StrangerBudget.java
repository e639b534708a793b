package io.metcd.mesh.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Below TLS, while the other end is a stranger: starts its clock, and takes no more bytes than a handshake needs. */
final class StrangerBudget extends ChannelInboundHandlerAdapter {
    private final Stranger stranger;
    private long left;

    StrangerBudget(Stranger stranger, long bytes) {
        this.stranger = stranger;
        this.left = bytes;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        stranger.connected(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        left -= message instanceof ByteBuf bytes ? bytes.readableBytes() : 0;
        // Passed on first: behind the last message of a good handshake, frames may already follow in the same read.
        ctx.fireChannelRead(message);
        if (left < 0) {
            stranger.drop("malformed handshake: more bytes than any handshake has");
        }
    }
}
