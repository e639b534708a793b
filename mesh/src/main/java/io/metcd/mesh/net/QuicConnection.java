package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamType;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One QUIC connection from its first packet: a {@link Stranger} first, then a {@link QuicLink}. The handshake of the mesh
 * is spoken over the only stream both ways, which the acceptor opens since it speaks first.
 */
final class QuicConnection extends ChannelInboundHandlerAdapter {
    private final Function<QuicChannel, Stranger> strangers;
    private final Role role;
    /** Streams of classes that were opened while the other end had still to prove itself; not read until then. */
    private final List<QuicStreamChannel> early = new ArrayList<>();

    private @Nullable Stranger stranger;
    private @Nullable QuicLink link;
    private String trouble = "closed by the peer";
    private int datagramMax;

    /** Who opens the stream of the handshake. */
    enum Role {
        DIALLER,
        ACCEPTOR
    }

    /**
     * A connection that nobody has seen anything of.
     *
     * @param strangers called once, when the other end has answered; for an acceptor at once
     */
    QuicConnection(Role role, Function<QuicChannel, Stranger> strangers) {
        this.role = role;
        this.strangers = strangers;
    }

    static QuicConnection of(QuicStreamChannel stream) {
        return stream.parent().pipeline().get(QuicConnection.class);
    }

    /** The largest frame that may travel beside the streams, in bytes; 0 if none may. */
    int datagramMax() {
        return datagramMax;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (role == Role.ACCEPTOR) {
            meet((QuicChannel) ctx.channel());
        }
        ctx.channel().closeFuture().addListener(closed -> over());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof QuicDatagramExtensionEvent extension) {
            datagramMax = extension.maxLength();
        } else if (event instanceof SslHandshakeCompletionEvent completion) {
            if (completion.isSuccess()) {
                secured((QuicChannel) ctx.channel());
            } else {
                trouble = Words.of(completion.cause());
                ctx.close();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    private Stranger meet(QuicChannel channel) {
        Stranger met = strangers.apply(channel);
        stranger = met;
        met.connected(channel);
        return met;
    }

    private void secured(QuicChannel channel) {
        if (role == Role.DIALLER) {
            meet(channel);
            return;
        }
        channel.createStream(QuicStreamType.BIDIRECTIONAL, new ChannelInitializer<QuicStreamChannel>() {
            @Override
            protected void initChannel(QuicStreamChannel stream) {
                introduce(stream);
            }
        });
    }

    /** The other end has opened a stream. */
    void opened(QuicStreamChannel stream) {
        if (stream.type() == QuicStreamType.BIDIRECTIONAL) {
            introduce(stream);
        } else if (link == null) {
            stream.config().setAutoRead(false);
            early.add(stream);
        } else {
            link.read(stream);
        }
    }

    private void introduce(QuicStreamChannel stream) {
        Stranger met = stranger;
        if (met == null || link != null) {
            stream.close();
            return;
        }
        stream.pipeline().addLast(new StrangerBudget(met, met.bytesMax()), met);
        met.secured(stream.parent().sslEngine());
    }

    /** The stranger has agreed. */
    void become(QuicLink newLink) {
        link = newLink;
        early.forEach(newLink::read);
        early.clear();
    }

    /** A datagram before there is a link is a heartbeat that came too early: the next one will do. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf datagram)) {
            ctx.fireChannelRead(message);
            return;
        }
        try {
            if (link != null) {
                byte[] frame = new byte[datagram.readableBytes()];
                datagram.readBytes(frame);
                link.received(Bytes.wrap(frame));
            }
        } finally {
            datagram.release();
        }
    }

    /** Anybody can send packets that are no good; what ends a connection closes it. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        trouble = Words.of(cause);
    }

    private void over() {
        if (link != null) {
            link.fail(trouble);
        } else if (stranger != null) {
            stranger.drop(trouble + " during the handshake");
        }
    }
}
