package io.metcd.server.vertx;

import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;
import io.netty.channel.EventLoop;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Watches one call for its client's departure and its deadline; tells of the first of them, once. */
final class Cancellation {
    static final Status DEADLINE_EXCEEDED = new Status(Code.DEADLINE_EXCEEDED, "context deadline exceeded");

    private final HttpServerRequest request;
    private final long timeoutNanos;
    private final Consumer<Boolean> action;
    private @Nullable Future<?> timer;
    private boolean over;

    /** The action is told whether the deadline was the cause. */
    Cancellation(HttpServerRequest request, long timeoutNanos, Consumer<Boolean> action) {
        this.request = request;
        this.timeoutNanos = timeoutNanos;
        this.action = action;
    }

    void arm() {
        request.exceptionHandler(cause -> fire(false));
        request.response().exceptionHandler(cause -> fire(false)).closeHandler(closed -> fire(false));
        if (timeoutNanos != Call.NO_DEADLINE) {
            EventLoop loop = ((ConnectionBase) request.connection()).channel().eventLoop();
            timer = loop.schedule(() -> fire(true), timeoutNanos, TimeUnit.NANOSECONDS);
        }
    }

    private void fire(boolean deadlinePassed) {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        if (!over) {
            over = true;
            action.accept(deadlinePassed);
        }
    }
}
