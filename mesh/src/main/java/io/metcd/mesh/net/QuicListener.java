package io.metcd.mesh.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.net.InetSocketAddress;

/** The bound UDP port of the mesh, which all accepted QUIC links share. It is bound before anything else starts. */
final class QuicListener {
    /** Of the system, for the packets of all links while the loop does something else. */
    static final int RECEIVE_BYTES = 1 << 20;

    private final Channel channel;

    private QuicListener(Channel channel) {
        this.channel = channel;
    }

    /** Binds without taking packets yet; not from the loop. */
    static QuicListener bind(MeshLoop loop, HostPort address, Security security) {
        QuicNative.missing().ifPresent(why -> {
            throw new MeshStartFailure("cannot listen on quic://" + address + ": " + why + " (--listen-peer-urls)");
        });
        InetSocketAddress resolved = Listener.allowed(address, security);
        ChannelFuture bound = new Bootstrap()
                .group(loop.group())
                .channel(NioDatagramChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_RCVBUF, RECEIVE_BYTES)
                .handler(new ChannelInboundHandlerAdapter())
                .bind(resolved)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw Listener.failure(address, bound.cause());
        }
        return new QuicListener(bound.channel());
    }

    /** Where it really listens, which matters when port 0 was asked for. */
    HostPort address() {
        return HostPort.of((InetSocketAddress) channel.localAddress());
    }

    /** Begins to take packets; on the loop. */
    void accept(ChannelHandler codec) {
        channel.pipeline().addLast(codec);
        channel.config().setAutoRead(true);
    }

    /** All links that were accepted here end, too. */
    void close() {
        channel.close();
    }
}
