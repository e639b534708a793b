package io.metcd.server.vertx;

import io.metcd.server.rpc.EventLoop;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** A Netty event loop as services see it. */
final class NettyLoop implements EventLoop {
    private final io.netty.channel.EventLoop loop;

    NettyLoop(io.netty.channel.EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** After the port has closed nobody is left to hear: the task is dropped. */
    @Override
    public void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException closed) {
            if (!loop.isShuttingDown()) {
                throw closed;
            }
        }
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        Future<?> scheduled = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }
}
