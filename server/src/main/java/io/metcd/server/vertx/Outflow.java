package io.metcd.server.vertx;

import io.metcd.server.rpc.Download;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.Http2Error;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Writes the body of an answer, one piece at a time: the next one is made when the socket has taken the one before, and
 * other work of the loop comes in between. A client that takes nothing for some time is cut off.
 */
final class Outflow {
    private final HttpServerResponse response;
    private final Download download;
    private final long patienceNanos;
    private final HttpVersion version;
    private final Channel channel;
    private final EventLoop loop;
    private boolean over;

    Outflow(HttpServerRequest request, Download download, Duration patience) {
        this.response = request.response();
        this.download = download;
        this.patienceNanos = patience.toNanos();
        this.version = request.version();
        this.channel = ((ConnectionBase) request.connection()).channel();
        this.loop = channel.eventLoop();
    }

    /** Begins with the head. Without a length, the end of the body is marked. */
    void start(String contentType, OptionalLong length) {
        if (response.closed()) {
            end();
            return;
        }
        response.closeHandler(closed -> end());
        response.exceptionHandler(failure -> end());
        response.putHeader("content-type", contentType);
        if (length.isPresent()) {
            response.putHeader("content-length", Long.toString(length.getAsLong()));
        } else {
            response.setChunked(true);
        }
        flow();
    }

    private void flow() {
        if (over || response.closed()) {
            end();
            return;
        }
        if (!download.pieces().hasNext()) {
            response.end();
            end();
            return;
        }
        Future<?> patience = loop.schedule(this::cutOff, patienceNanos, TimeUnit.NANOSECONDS);
        response.write(Buffers.outgoing(download.pieces().next())).onComplete(written -> {
            patience.cancel(false);
            // Never at once: a socket that takes everything would hold the loop until the end.
            loop.execute(() -> onWritten(written));
        });
    }

    /** Vert.x would close a connection of HTTP/1.1 behind what its client does not take, and so never. */
    private void cutOff() {
        if (version == HttpVersion.HTTP_2) {
            response.reset(Http2Error.CANCEL.code());
        } else {
            channel.pipeline().firstContext().close();
        }
    }

    private void onWritten(AsyncResult<Void> written) {
        if (written.succeeded()) {
            flow();
        } else {
            end();
        }
    }

    private void end() {
        if (!over) {
            over = true;
            download.over().run();
        }
    }
}
