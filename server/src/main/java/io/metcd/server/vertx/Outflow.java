package io.metcd.server.vertx;

import io.metcd.server.rpc.Download;
import io.netty.channel.EventLoop;
import io.vertx.core.AsyncResult;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Writes a download, one piece at a time: the next one is made when the socket has taken the one before, and other work
 * of the loop comes in between.
 */
final class Outflow {
    /** A client that takes nothing for so long is gone. */
    private static final long PATIENCE_SECONDS = 60;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Download download;
    private final EventLoop loop;
    private boolean over;

    Outflow(HttpServerRequest request, Download download) {
        this.request = request;
        this.response = request.response();
        this.download = download;
        this.loop = ((ConnectionBase) request.connection()).channel().eventLoop();
    }

    void start() {
        if (response.closed()) {
            end();
            return;
        }
        response.closeHandler(closed -> end());
        response.exceptionHandler(failure -> end());
        response.setChunked(true).putHeader("content-type", "application/octet-stream");
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
        byte[] piece = download.pieces().next().toArray();
        Future<?> patience = loop.schedule(() -> request.connection().close(), PATIENCE_SECONDS, TimeUnit.SECONDS);
        response.write(Buffers.outgoing(piece)).onComplete(written -> {
            patience.cancel(false);
            // Never at once: a socket that takes everything would hold the loop until the end.
            loop.execute(() -> onWritten(written));
        });
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
