package io.metcd.mesh.net;

import io.metcd.base.Invariants;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What strangers make this peer compute, one task at a time on one thread beside the loop: each source address has its
 * turn, so that whoever brings thousands of connections waits behind itself, and a real peer behind one task of each
 * source.
 * All of it is called on the loop, but for the tasks.
 */
final class Turns {
    private final Executor loop;
    private final Executor thread;
    private final int waitingMax;

    /** Tasks that wait, by source; the source whose turn is next comes first. None is empty. */
    private final Map<String, ArrayDeque<Runnable>> waiting = new LinkedHashMap<>();

    /** Invariant: the number of tasks in {@link #waiting}. */
    private int size;

    private boolean running;

    /**
     * @param thread runs what waits; told one task at a time
     * @param waitingMax what comes beyond it is refused, which ends its connection
     */
    Turns(Executor loop, Executor thread, int waitingMax) {
        this.loop = loop;
        this.thread = thread;
        this.waitingMax = waitingMax;
    }

    /** Takes the tasks of a connection from this address. */
    Executor of(String source) {
        return task -> add(source, task);
    }

    private void add(String source, Runnable task) {
        if (size >= waitingMax) {
            throw new RejectedExecutionException("busy: " + size + " handshakes wait for their turn; try again");
        }
        waiting.computeIfAbsent(source, any -> new ArrayDeque<>()).add(task);
        size++;
        if (!running) {
            next();
        }
    }

    private void next() {
        running = !waiting.isEmpty();
        if (!running) {
            return;
        }
        Map.Entry<String, ArrayDeque<Runnable>> first =
                waiting.entrySet().iterator().next();
        String source = first.getKey();
        ArrayDeque<Runnable> own = first.getValue();
        waiting.remove(source);
        Runnable task = own.remove();
        size--;
        Invariants.check(size >= 0, "%s tasks wait", size);
        if (!own.isEmpty()) {
            waiting.put(source, own); // behind all others
        }
        thread.execute(() -> run(task));
    }

    private void run(Runnable task) {
        try {
            task.run();
        } finally {
            goOn();
        }
    }

    private void goOn() {
        try {
            loop.execute(this::next);
        } catch (RejectedExecutionException ended) {
            // The loop has ended, and with it whoever waited.
            return;
        }
    }
}
