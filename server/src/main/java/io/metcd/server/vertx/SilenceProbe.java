package io.metcd.server.vertx;

import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Asks a connection from time to time whether its other end is still there, and closes it when no answer comes. */
final class SilenceProbe {
    private static final int PING_BYTES = 8;

    private SilenceProbe() {}

    static void start(HttpConnection connection, EventLoop loop, ConnectionRules rules) {
        long interval = rules.probeInterval().toNanos();
        if (interval == 0) {
            return;
        }
        long timeout = rules.probeTimeout().toNanos();
        Future<?> probe = loop.scheduleAtFixedRate(
                () -> probe(connection, loop, timeout), interval, interval, TimeUnit.NANOSECONDS);
        connection.closeHandler(closed -> probe.cancel(false));
    }

    private static void probe(HttpConnection connection, EventLoop loop, long timeoutNanos) {
        Future<?> silence = loop.schedule(() -> connection.close(), timeoutNanos, TimeUnit.NANOSECONDS);
        connection.ping(Buffer.buffer(new byte[PING_BYTES])).onSuccess(pong -> silence.cancel(false));
    }
}
