package io.metcd.simulator.world;

import io.metcd.base.Invariants;
import java.util.ArrayDeque;

/**
 * A line of limited bandwidth that one or more paths share: bytes leave one after the other, behind a bounded queue.
 * What the queue has no room for waits at the links, which take turns, as senders do whose transport backs off.
 */
public final class Wire {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int NO_HOST = -9;

    private final EventQueue queue;
    private final SimProcess itself;
    private final long bytesPerSecond;
    private final long queueBytes;
    private final ArrayDeque<LinkEnd> waiting = new ArrayDeque<>();
    /** When the last byte that was taken has left. */
    private long freeAt;

    private boolean scheduled;
    private boolean serving;

    /** {@code queueBytes}: taken before their turn has come; the last batch may go beyond. */
    public Wire(EventQueue queue, long bytesPerSecond, long queueBytes) {
        Invariants.check(bytesPerSecond > 0 && queueBytes > 0, "a wire that carries nothing");
        this.queue = queue;
        this.itself = new SimProcess(queue, NO_HOST, "wire");
        this.bytesPerSecond = bytesPerSecond;
        this.queueBytes = queueBytes;
    }

    /** The end has a batch that waits for this wire. */
    void request(LinkEnd end) {
        waiting.addLast(end);
        if (!serving) {
            serve();
        }
    }

    private void serve() {
        serving = true;
        while (!waiting.isEmpty() && backlog() < queueBytes) {
            LinkEnd end = waiting.removeFirst();
            long bytes = end.nextBytes();
            freeAt = Math.max(freeAt, queue.now()) + bytes * NANOS_PER_SECOND / bytesPerSecond;
            end.depart(freeAt);
        }
        serving = false;
        if (!waiting.isEmpty() && !scheduled) {
            scheduled = true;
            long excess = backlog() - queueBytes + 1;
            queue.at(queue.now() + 1 + excess * NANOS_PER_SECOND / bytesPerSecond, itself, () -> {
                scheduled = false;
                serve();
            });
        }
    }

    private long backlog() {
        return Math.max(0, freeAt - queue.now()) * bytesPerSecond / NANOS_PER_SECOND;
    }
}
