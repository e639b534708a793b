package io.metcd.server.vertx;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * How streams end that do not end well. Netty tells its handler of every failed write, and that is Vert.x's, which
 * stumbles over the streams that are not its own ({@link UnaryFrames}): so whatever needs nobody's attention is done here.
 */
final class StreamEnds implements Http2LifecycleManager {
    private final Http2ConnectionHandler http2;
    private final UnaryFrames frames;

    private StreamEnds(Http2ConnectionHandler http2, UnaryFrames frames) {
        this.http2 = http2;
        this.frames = frames;
    }

    static void install(Http2ConnectionHandler http2, UnaryFrames frames) {
        StreamEnds ends = new StreamEnds(http2, frames);
        http2.encoder().lifecycleManager(ends);
        http2.decoder().lifecycleManager(ends);
    }

    @Override
    public void closeStreamLocal(Http2Stream stream, ChannelFuture future) {
        http2.closeStreamLocal(stream, future);
    }

    @Override
    public void closeStreamRemote(Http2Stream stream, ChannelFuture future) {
        http2.closeStreamRemote(stream, future);
    }

    @Override
    public void closeStream(Http2Stream stream, ChannelFuture future) {
        http2.closeStream(stream, future);
    }

    /** The stream is over at once; whether the client hears of it is its connection's affair. */
    @Override
    public ChannelFuture resetStream(ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
        Http2Stream stream = http2.connection().stream(streamId);
        if (stream != null && stream.isResetSent()) {
            return promise.setSuccess();
        }
        ChannelFuture written = http2.encoder().frameWriter().writeRstStream(ctx, streamId, errorCode, promise);
        if (stream != null) {
            stream.resetSent();
            stream.close();
        }
        return written;
    }

    @Override
    public ChannelFuture goAway(
            ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData, ChannelPromise promise) {
        return http2.goAway(ctx, lastStreamId, errorCode, debugData, promise);
    }

    @Override
    public void onError(ChannelHandlerContext ctx, boolean outbound, Throwable cause) {
        Http2Exception error = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        if (error instanceof Http2Exception.StreamException failed) {
            Http2Stream stream = http2.connection().stream(failed.streamId());
            if (stream == null || stream.state() == Http2Stream.State.CLOSED) {
                return; // what still waited to be written is dropped
            }
            if (frames.isUnary(stream)) {
                resetStream(ctx, failed.streamId(), failed.error().code(), ctx.newPromise());
                return;
            }
        } else if (!(error instanceof Http2Exception.CompositeStreamException)) {
            frames.end();
        }
        http2.onError(ctx, outbound, cause);
    }
}
