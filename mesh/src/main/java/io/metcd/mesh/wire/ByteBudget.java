package io.metcd.mesh.wire;

import io.metcd.base.Invariants;
import io.metcd.mesh.Priority;

/**
 * The bytes that one mesh may hold in all its queues and half-assembled datagrams, and how its links share them.
 *
 * <p>What one link may hold depends on what is left: a third of that for DATA, as much for CONSENSUS, a sixth for BULK
 * (dynamic thresholds, Choudhury and Hahne 1998). So a busy link alone has plenty, and those that have filled their parts
 * and never drain leave something to whoever comes then. The last sixteenth is for CONTROL, which only this peer sends.
 */
public final class ByteBudget {
    private static final int CONTROL_PART = 16;

    private final long limit;
    private long used;

    public ByteBudget(int limit) {
        this.limit = limit;
    }

    /** The part of one more link. */
    public Share share() {
        return new Share();
    }

    public long used() {
        return used;
    }

    /** What one link holds: what waits for it, and what has come over it and is not whole yet. */
    public final class Share {
        private long held;

        private Share() {}

        /** Takes the bytes, or takes nothing and returns false. */
        public boolean take(Priority priority, int bytes) {
            if (!allows(priority, bytes)) {
                return false;
            }
            held += bytes;
            used += bytes;
            return true;
        }

        /** Gives back what was taken. */
        public void give(int bytes) {
            held -= bytes;
            used -= bytes;
            Invariants.check(held >= 0, "%s bytes given back too many of %s", -held, limit);
        }

        public long held() {
            return held;
        }

        /** One thing alone always finds room where there is any: else the largest would never find it. */
        private boolean allows(Priority priority, int bytes) {
            if (priority == Priority.CONTROL) {
                return used + bytes <= limit;
            }
            long left = limit - limit / CONTROL_PART - used - bytes;
            return left >= 0 && (held == 0 || held + bytes <= left / part(priority));
        }

        private static int part(Priority priority) {
            return switch (priority) {
                case CONTROL, CONSENSUS -> 1;
                case DATA -> 3;
                case BULK -> 6;
            };
        }
    }
}
