package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/** Reads the frames of one stream; a stream of one class begins with a byte that says which. */
final class QuicReader extends ByteToMessageDecoder {
    private final QuicLink link;
    private final Framing framing;
    private boolean named;
    private boolean ended;

    private QuicReader(QuicLink link, boolean named) {
        this.link = link;
        this.framing = new Framing(link.frameMax());
        this.named = named;
    }

    /** Of the stream over which the handshake was spoken. */
    static QuicReader ofControl(QuicLink link) {
        return new QuicReader(link, true);
    }

    static QuicReader ofClass(QuicLink link) {
        return new QuicReader(link, false);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!named && in.isReadable()) {
            link.named(in.readUnsignedByte());
            named = true;
        }
        try {
            while (link.isOpen()) {
                Bytes frame = framing.next(in);
                if (frame == null) {
                    return;
                }
                link.received(frame);
            }
        } catch (Framing.TooLong e) {
            link.fail(String.valueOf(e.getMessage()));
        }
        in.skipBytes(in.readableBytes());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        super.userEventTriggered(ctx, event);
        if (event == ChannelInputShutdownReadComplete.INSTANCE) {
            end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        end();
        // Not to the superclass, which would read a last half frame as a whole one.
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        link.fail(Words.of(cause));
    }

    private void end() {
        if (!ended) {
            ended = true;
            link.ended();
        }
    }
}
