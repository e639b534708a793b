package io.metcd.mesh.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bound port of the mesh. It is bound before anything else starts, so that an operator hears of a busy one. */
final class Listener {
    private static final int BACKLOG = 1_024;

    private final Channel channel;
    private final Acceptance acceptance;

    /** Set before the first connection is accepted. */
    private static final class Acceptance extends ChannelInitializer<SocketChannel> {
        private @Nullable Consumer<SocketChannel> consumer;

        @Override
        protected void initChannel(SocketChannel accepted) {
            Consumer<SocketChannel> current = consumer;
            if (current == null) {
                accepted.close();
            } else {
                current.accept(accepted);
            }
        }
    }

    private Listener(Channel channel, Acceptance acceptance) {
        this.channel = channel;
        this.acceptance = acceptance;
    }

    /** Binds without accepting yet; not from the loop. */
    static Listener bind(MeshLoop loop, HostPort address, Security security, int socketBytes) {
        InetSocketAddress resolved = allowed(address, security);
        Acceptance acceptance = new Acceptance();
        ChannelFuture bound = new ServerBootstrap()
                .group(loop.group())
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_SNDBUF, socketBytes)
                .childHandler(acceptance)
                .bind(resolved)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw failure(address, bound.cause());
        }
        return new Listener(bound.channel(), acceptance);
    }

    /** Where to bind, looked up. */
    static InetSocketAddress allowed(HostPort address, Security security) {
        InetSocketAddress resolved = new InetSocketAddress(address.host(), address.port());
        if (resolved.isUnresolved()) {
            throw new MeshStartFailure(
                    "cannot listen on " + address + ": unknown host name: change --listen-peer-urls");
        }
        if (!security.allows(resolved.getAddress())) {
            throw new MeshStartFailure(Security.needsPassword("the mesh's listen address " + address));
        }
        return resolved;
    }

    /** Where it really listens, which matters when port 0 was asked for. */
    HostPort address() {
        return HostPort.of((InetSocketAddress) channel.localAddress());
    }

    /** Begins to accept; on the loop. */
    void accept(Consumer<SocketChannel> consumer) {
        acceptance.consumer = consumer;
        channel.config().setAutoRead(true);
    }

    void close() {
        channel.close();
    }

    /** Why nothing listens at an address, in words for an operator. */
    static MeshStartFailure failure(HostPort address, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String why;
        if (message.contains("in use")) {
            why = "port " + address.port() + " is taken by another process: stop that one or choose another port";
        } else if (message.contains("assign")) {
            why = address.host() + " is no address of this machine: choose one, or 0.0.0.0 for all";
        } else if (message.contains("ermission")) {
            why = "port " + address.port() + " needs privileges: choose one above 1023";
        } else {
            why = message;
        }
        return new MeshStartFailure("cannot listen on " + address + ": " + why + " (--listen-peer-urls)", cause);
    }
}
