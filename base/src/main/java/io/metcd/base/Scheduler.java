package io.metcd.base;

/**
 * The timer door of one single-threaded owner: every task runs on the owner's thread, one at a time. Implemented by a
 * Netty event loop or a replica's thread, and by the simulator's event queue.
 */
public interface Scheduler {
    /** Runs the task on the owner's thread, soon; callable from any thread. */
    void execute(Runnable task);

    /** Runs the task once, no earlier than the given time from now; callable from any thread. */
    Task schedule(long delayNanos, Runnable task);

    /** A scheduled task. */
    interface Task {
        /** Idempotent; without effect once the task runs. */
        void cancel();
    }
}
