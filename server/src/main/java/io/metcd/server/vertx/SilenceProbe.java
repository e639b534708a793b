package io.metcd.server.vertx;

import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks a connection from time to time whether its other end is still there, and closes it when no answer comes. */
final class SilenceProbe {
    private static final long INTERVAL_SECONDS = TimeUnit.HOURS.toSeconds(2);
    private static final long ANSWER_SECONDS = 20;
    private static final int PING_BYTES = 8;

    private SilenceProbe() {}

    static void start(HttpConnection connection, EventLoop loop) {
        Future<?> probe = loop.scheduleAtFixedRate(
                () -> probe(connection, loop), INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
        connection.closeHandler(closed -> probe.cancel(false));
    }

    private static void probe(HttpConnection connection, EventLoop loop) {
        Future<?> silence = loop.schedule(() -> connection.close(), ANSWER_SECONDS, TimeUnit.SECONDS);
        connection.ping(Buffer.buffer(new byte[PING_BYTES])).onSuccess(pong -> silence.cancel(false));
    }
}
