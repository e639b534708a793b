package io.metcd.server.vertx;

import java.util.concurrent.atomic.AtomicInteger;

/** How many connections are open on ports that share their bound, as all ports of a process share its descriptors. */
public final class ConnectionCount {
    private final AtomicInteger open = new AtomicInteger();

    /** Counts one more, unless there are that many already. */
    boolean add(int max) {
        if (open.incrementAndGet() > max) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    /** How many there are. */
    public int open() {
        return open.get();
    }

    void remove() {
        open.decrementAndGet();
    }
}
