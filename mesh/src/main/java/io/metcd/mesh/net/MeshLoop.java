package io.metcd.mesh.net;

import io.metcd.base.Invariants;
import io.metcd.base.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The mesh's one thread: a Netty event loop behind the {@link Scheduler} door. */
final class MeshLoop implements Scheduler {
    private static final long GRACE_MILLIS = 2_000;

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Consumer<Throwable> lastResort;

    /**
     * Starts the thread {@code metcd-mesh-<name>}.
     *
     * @param lastResort takes what a task threw: a bug of ours, after which the mesh must not go on
     */
    MeshLoop(String name, Consumer<Throwable> lastResort) {
        this.group = new MultiThreadIoEventLoopGroup(
                1,
                task -> {
                    Thread thread = new Thread(task, "metcd-mesh-" + name);
                    thread.setDaemon(true);
                    return thread;
                },
                NioIoHandler.newFactory());
        this.loop = group.next();
        this.lastResort = lastResort;
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(() -> run(task));
    }

    @Override
    public Task schedule(long delayNanos, Runnable task) {
        Future<?> scheduled = loop.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    boolean isCurrent() {
        return loop.inEventLoop();
    }

    void requireCurrent() {
        Invariants.check(loop.inEventLoop(), "called beside the mesh's thread");
    }

    /** Runs a piece of the mesh; what it throws ends the mesh. */
    void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable bug) {
            lastResort.accept(bug);
        }
    }

    EventLoopGroup group() {
        return group;
    }

    /** Ends the thread once what is queued has run; tasks that come later are refused. */
    void shutdown() {
        group.shutdownGracefully(0, GRACE_MILLIS, TimeUnit.MILLISECONDS);
    }

    boolean awaitEnd(long time, TimeUnit unit) {
        return group.terminationFuture().awaitUninterruptibly(time, unit);
    }
}
