package io.metcd.mesh.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Turns an address into connections. A name is looked up anew for each dial, because peers move, and beside the loop,
 * because a name server may take its time; its addresses are tried one after another.
 */
final class Dialer {
    private final MeshLoop loop;
    private final Executor lookups;
    private final Security security;
    private final Bootstrap bootstrap;

    Dialer(MeshLoop loop, Executor lookups, Security security) {
        this.loop = loop;
        this.lookups = lookups;
        this.security = security;
        this.bootstrap = new Bootstrap()
                .group(loop.group())
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true);
    }

    /**
     * One dial.
     *
     * @param initializer prepares each connection that is tried
     * @param failed takes the reason when no address answers; on the loop
     */
    record Dial(HostPort address, Consumer<SocketChannel> initializer, Consumer<String> failed) {}

    void withSocketBytes(int bytes) {
        bootstrap.option(ChannelOption.SO_SNDBUF, bytes);
    }

    void withConnectNanos(long nanos) {
        bootstrap.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) TimeUnit.NANOSECONDS.toMillis(nanos));
    }

    void dial(Dial dial) {
        try {
            lookups.execute(() -> lookUp(dial));
        } catch (RejectedExecutionException e) {
            loop.execute(() -> dial.failed().accept("too many host names are being looked up"));
        }
    }

    private void lookUp(Dial dial) {
        try {
            List<InetAddress> found =
                    List.of(InetAddress.getAllByName(dial.address().host()));
            loop.execute(() -> connect(dial, found, "no address"));
        } catch (UnknownHostException e) {
            loop.execute(() -> dial.failed().accept(Words.of(e)));
        }
    }

    private void connect(Dial dial, List<InetAddress> addresses, String lastFailure) {
        if (addresses.isEmpty()) {
            dial.failed().accept(lastFailure);
            return;
        }
        InetAddress first = addresses.get(0);
        List<InetAddress> others = addresses.subList(1, addresses.size());
        if (!security.allows(first)) {
            connect(dial, others, Security.needsPassword(dial.address().toString()));
            return;
        }
        ChannelFuture connecting = bootstrap
                .clone()
                .handler(new Initializer(dial.initializer()))
                .connect(new InetSocketAddress(first, dial.address().port()));
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                loop.run(() -> connect(dial, others, Words.of(done.cause())));
            }
        });
    }

    private static final class Initializer extends ChannelInitializer<SocketChannel> {
        private final Consumer<SocketChannel> consumer;

        Initializer(Consumer<SocketChannel> consumer) {
            this.consumer = consumer;
        }

        @Override
        protected void initChannel(SocketChannel channel) {
            consumer.accept(channel);
        }
    }
}
