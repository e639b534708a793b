package io.metcd.mesh.wire;

import io.metcd.base.Invariants;
import io.metcd.mesh.Priority;

/**
 * The bytes that one mesh may hold in all its queues and half-assembled datagrams. Lower classes may fill only a part
 * of it, so that when memory is short BULK is refused first, then DATA, and CONTROL last.
 */
public final class ByteBudget {
    private final int limit;
    private long used;

    public ByteBudget(int limit) {
        this.limit = limit;
    }

    /** Takes the bytes, or takes nothing and returns false. */
    public boolean take(Priority priority, int bytes) {
        if (used + bytes > share(priority)) {
            return false;
        }
        used += bytes;
        return true;
    }

    /** Gives back what was taken. */
    public void give(int bytes) {
        used -= bytes;
        Invariants.check(used >= 0, "%s bytes given back too many, limit %s", -used, limit);
    }

    public long used() {
        return used;
    }

    private long share(Priority priority) {
        return switch (priority) {
            case BULK -> limit / 2L;
            case DATA -> limit / 4L * 3;
            case CONSENSUS -> limit / 16L * 15;
            case CONTROL -> limit;
        };
    }
}
