package io.metcd.mesh.net;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls from any thread to the mesh's one: they wait here, and one task of the loop runs all that wait, so that a burst
 * of calls wakes the loop once. Bounded in bytes.
 */
final class Inbox {
    /** After so many, the loop looks at its sockets again. */
    private static final int BATCH_MAX = 1_024;

    private final Executor loop;
    private final int bytesMax;
    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger bytes = new AtomicInteger();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private record Call(int size, Runnable task, Runnable lost) {}

    Inbox(Executor loop, int bytesMax) {
        this.loop = loop;
        this.bytesMax = bytesMax;
    }

    /** False when full: the task will not run. A call of no bytes is always taken. */
    boolean offer(int size, Runnable task) {
        return offer(size, task, () -> {});
    }

    /**
     * The same for a task that somebody waits for: once it is taken, either it runs on the loop or, if the loop has
     * ended, {@code lost} runs on whichever thread notices.
     */
    boolean offer(int size, Runnable task, Runnable lost) {
        if (bytes.addAndGet(size) > bytesMax && size > 0) {
            bytes.addAndGet(-size);
            return false;
        }
        calls.add(new Call(size, task, lost));
        schedule();
        return true;
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            try {
                loop.execute(this::drain);
            } catch (RejectedExecutionException e) {
                // Reset first: a call that comes while this empties the queue is refused by itself, and none stays.
                scheduled.set(false);
                giveUp();
            }
        }
    }

    private void giveUp() {
        for (Call next = calls.poll(); next != null; next = calls.poll()) {
            bytes.addAndGet(-next.size());
            next.lost().run();
        }
    }

    private void drain() {
        // Reset first: a call that comes while this runs schedules the next run, and none is left behind.
        scheduled.set(false);
        for (int i = 0; i < BATCH_MAX; i++) {
            Call next = calls.poll();
            if (next == null) {
                return;
            }
            bytes.addAndGet(-next.size());
            next.task().run();
        }
        schedule();
    }
}
