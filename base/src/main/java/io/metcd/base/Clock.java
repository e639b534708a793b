package io.metcd.base;

/** The time door. Protocols use {@link #nanos()} alone; wall time is for identities and for people. */
public interface Clock {
    /** Monotonic nanoseconds from an arbitrary origin. */
    long nanos();

    /** Milliseconds since 1970; may jump. */
    long wallMillis();

    /** The machine's clocks. */
    static Clock system() {
        return SystemClock.INSTANCE;
    }

    /** The one place that reads the machine's clocks. */
    enum SystemClock implements Clock {
        INSTANCE;

        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }
    }
}
