package io.metcd.server.vertx;

import io.metcd.server.tls.ServerTls;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has not yet said what it wants, and how long it may take: from the first byte of a TLS handshake to
 * the last header of its first request over HTTP/1.1, or to the acknowledged settings of HTTP/2. Later, a connection of
 * HTTP/1.1 may be without a request for some time only; one of HTTP/2 for as long as it likes, if it answers pings.
 *
 * <p>So what a client costs that opens connections and dribbles into them ends by itself.
 */
final class Arrival extends ChannelDuplexHandler {
    static final String NAME = "arrival";

    private final Intake intake;
    private final PortOptions options;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> patience;
    private boolean encrypted;

    Arrival(Intake intake, PortOptions options) {
        this.intake = intake;
        this.options = options;
    }

    /** The connection has become one of HTTP/1.1: its requests are followed from now on. */
    static void followRequests(Channel channel) {
        Arrival arrival = channel.pipeline().get(Arrival.class);
        if (arrival != null) {
            channel.pipeline().addBefore("handler", "requests", arrival.new Requests());
        }
    }

    /** The connection speaks HTTP/2. */
    static void complete(Channel channel) {
        Arrival arrival = channel.pipeline().get(Arrival.class);
        if (arrival != null) {
            arrival.stopWaiting();
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        waitFor(options.rules().arrival());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        stopWaiting();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        Optional<ServerTls> tls = options.tls();
        if (event instanceof SslHandshakeCompletionEvent handshake && tls.isPresent()) {
            if (handshake.isSuccess()) {
                admit(ctx, tls.get());
            } else {
                refuse(ctx, handshake.cause());
            }
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    /**
     * What fails before the handshake is done concerns nobody behind; the handshake's event has told of it. Neither
     * does it concern the connection that a frame could not be written whose stream its client has reset: Vert.x would
     * close it, since nobody waits for that frame.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!encrypted && options.tls().isPresent()) {
            ctx.close();
        } else if (!(cause instanceof Http2Exception.StreamException)) {
            ctx.fireExceptionCaught(cause);
        }
    }

    private void admit(ChannelHandlerContext ctx, ServerTls tls) {
        try {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            tls.admit(handler.engine().getSession())
                    .ifPresent(name -> ctx.channel().attr(Intake.COMMON_NAME).set(name));
            encrypted = true;
        } catch (CertificateException e) {
            refuse(ctx, e);
        }
    }

    private void refuse(ChannelHandlerContext ctx, Throwable cause) {
        // What was sent instead of TLS may hold a password and is not repeated.
        String why =
                cause instanceof NotSslRecordException ? "it speaks in the clear" : String.valueOf(cause.getMessage());
        intake.complain("a connection from {} is refused: {}", ctx.channel().remoteAddress(), why);
        ctx.close();
    }

    private void waitFor(Duration time) {
        stopWaiting();
        ChannelHandlerContext here = context;
        if (here != null) {
            patience = here.executor().schedule(() -> giveUp(here), time.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void stopWaiting() {
        if (patience != null) {
            patience.cancel(false);
            patience = null;
        }
    }

    private void giveUp(ChannelHandlerContext here) {
        intake.complain(
                "a connection from {} is closed: it asks nothing",
                here.channel().remoteAddress());
        here.close();
    }

    /** Sees the requests and responses of HTTP/1.1 go by. */
    private final class Requests extends ChannelDuplexHandler {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof HttpRequest) {
                stopWaiting();
            }
            ctx.fireChannelRead(message);
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            // A connection that has become something else, such as a web socket, has no decoder of requests any more.
            if (message instanceof LastHttpContent && ctx.pipeline().get("httpDecoder") != null) {
                waitFor(options.rules().idle());
            }
            ctx.write(message, promise);
        }
    }
}
