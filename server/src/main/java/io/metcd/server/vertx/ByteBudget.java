package io.metcd.server.vertx;

import java.util.concurrent.atomic.AtomicLong;

/** So many bytes of memory, for all connections of a process together. Safe for use by several threads. */
public final class ByteBudget {
    private final long max;
    private final AtomicLong used = new AtomicLong();

    public ByteBudget(long max) {
        this.max = max;
    }

    /** Takes so many, or none. */
    boolean take(long bytes) {
        if (used.addAndGet(bytes) > max) {
            used.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    /** What is taken now. */
    public long used() {
        return used.get();
    }
}
