package io.metcd.server.vertx;

import io.metcd.base.Clock;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.spi.transport.Transport;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where connections come in, before Vert.x sees them: they are counted, given a time in which to say what they want, and
 * decrypted.
 *
 * <pre>
 *   accepted ─► too many? closed │ TLS ─► {@link Arrival} ─► Vert.x: HTTP/1.1 or HTTP/2
 * </pre>
 *
 * <p>Vert.x has no place for that: its handlers are only asked when a connection has become one of HTTP.
 */
final class Intake {
    /** TLS in a connection's pipeline, if it speaks it. */
    static final String TLS = "tls";

    /** The name in the client's certificate, where that says which user it is. */
    static final AttributeKey<String> COMMON_NAME = AttributeKey.valueOf(Intake.class, "common-name");

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    private static final long COMPLAINT_INTERVAL_NANOS = 10_000_000_000L;

    private final PortOptions options;
    private final Clock clock = Clock.system();
    private final AtomicLong complainedNanos = new AtomicLong(clock.nanos() - COMPLAINT_INTERVAL_NANOS);

    Intake(PortOptions options) {
        this.options = options;
    }

    /** Whether TLS is spoken on the connection: Vert.x itself does not know. */
    static boolean isEncrypted(Channel channel) {
        return channel.pipeline().get(TLS) != null;
    }

    static Optional<String> commonName(Channel channel) {
        return Optional.ofNullable(channel.attr(COMMON_NAME).get());
    }

    /** How Vert.x gets its sockets. */
    io.vertx.core.transport.Transport transport() {
        return new Sockets();
    }

    /** False if there are too many. */
    private boolean admit(Channel connection) {
        ConnectionCount open = options.connections();
        if (!open.add(options.rules().connectionsMax())) {
            connection.unsafe().closeForcibly();
            complain(
                    "{} connections are open, which is the limit: further ones are closed",
                    options.rules().connectionsMax());
            return false;
        }
        connection.closeFuture().addListener(closed -> open.remove());
        ChannelPipeline pipeline = connection.pipeline();
        options.tls().ifPresent(tls -> {
            SslHandler handler = new SslHandler(tls.engine());
            handler.setHandshakeTimeoutMillis(options.rules().arrival().toMillis());
            pipeline.addLast(TLS, handler);
        });
        pipeline.addLast(Arrival.NAME, new Arrival(this, options));
        return true;
    }

    /** Says so, but not as often as a stranger can cause it. */
    void complain(String text, Object... details) {
        long now = clock.nanos();
        long last = complainedNanos.get();
        if (now - last >= COMPLAINT_INTERVAL_NANOS && complainedNanos.compareAndSet(last, now)) {
            LOG.warn(text, details);
        } else {
            LOG.debug(text, details);
        }
    }

    private final class Sockets implements io.vertx.core.transport.Transport {
        @Override
        public String name() {
            return "metcd";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public @Nullable Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public Transport implementation() {
            return new NioTransport() {
                @Override
                public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
                    return Listener::new;
                }
            };
        }
    }

    /** A listening socket that asks the intake about each connection that it accepts. */
    private final class Listener extends NioServerSocketChannel {
        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int count = super.doReadMessages(accepted);
            if (count == 1 && !admit((Channel) accepted.get(accepted.size() - 1))) {
                accepted.remove(accepted.size() - 1);
                return 0;
            }
            return count;
        }
    }
}
