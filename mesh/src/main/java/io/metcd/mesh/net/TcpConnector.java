package io.metcd.mesh.net;

import io.metcd.mesh.Profile;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens TCP connections. */
final class TcpConnector {
    private final MeshLoop loop;
    private final Bootstrap bootstrap;

    TcpConnector(MeshLoop loop, Profile.Transport limits) {
        this.loop = loop;
        this.bootstrap = new Bootstrap()
                .group(loop.group())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_SNDBUF, limits.socketBytes())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        TimeUnit.NANOSECONDS.toMillis(limits.connectNanos()));
    }

    /**
     * One connection.
     *
     * @param prepare gets it before anything is sent
     * @param refused is told, on the loop, if there is none
     */
    void connect(InetSocketAddress to, Consumer<SocketChannel> prepare, Consumer<String> refused) {
        ChannelFuture connecting =
                bootstrap.clone().handler(new Prepared(prepare)).connect(to);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                loop.run(() -> refused.accept(Words.of(done.cause())));
            }
        });
    }

    private static final class Prepared extends ChannelInitializer<SocketChannel> {
        private final Consumer<SocketChannel> prepare;

        Prepared(Consumer<SocketChannel> prepare) {
            this.prepare = prepare;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            prepare.accept(channel);
        }
    }
}
