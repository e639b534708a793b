package io.metcd.server.vertx;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.nio.charset.StandardCharsets;

/**
 * Ends a connection of HTTP/2 as it should be: every call is told, and the client hears a GOAWAY. Vert.x stumbles over the
 * streams that are not its own ({@link UnaryFrames}) when a client breaks the protocol; what Netty would do then is
 * left out.
 */
final class LastWord extends ChannelDuplexHandler {
    private final Http2ConnectionHandler http2;
    private final ChannelHandlerContext context;
    private final UnaryFrames frames;

    LastWord(Http2ConnectionHandler http2, ChannelHandlerContext context, UnaryFrames frames) {
        this.http2 = http2;
        this.context = context;
        this.frames = frames;
    }

    /** Says that the connection is closed for an error, and a text about it. */
    static void say(Http2ConnectionHandler http2, ChannelHandlerContext context, Http2Error error, String why) {
        http2.goAway(
                context,
                http2.connection().remote().lastStreamCreated(),
                error.code(),
                Unpooled.copiedBuffer(why, StandardCharsets.US_ASCII),
                context.newPromise());
    }

    @Override
    public void close(ChannelHandlerContext here, ChannelPromise promise) {
        if (here.channel().isActive() && !http2.connection().goAwaySent()) {
            say(http2, context, Http2Error.PROTOCOL_ERROR, "");
        }
        here.close(promise);
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
        frames.end();
        here.fireChannelInactive();
    }
}
