package io.metcd.mesh.net;

import io.metcd.base.Scheduler;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** The loop, and a thread beside it for what may have to wait for a disk. */
record Beside(Scheduler loop, Executor files) {
    /** Runs a task beside the loop; leaves it out if so many wait that the disk must be standing still. */
    void run(Runnable task) {
        try {
            files.execute(task);
        } catch (RejectedExecutionException e) {
            // Whoever asks, asks again soon.
            return;
        }
    }

    /** Back on the loop. */
    void tell(Runnable task) {
        loop.execute(task);
    }
}
