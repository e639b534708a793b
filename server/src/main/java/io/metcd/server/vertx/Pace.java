package io.metcd.server.vertx;

import io.metcd.base.Clock;
import java.time.Duration;

/** How often something may happen on one connection. */
final class Pace {
    private final Clock clock;
    private final int max;
    private final long windowNanos;
    private long windowBegan;
    private int inWindow;

    Pace(Clock clock, int max, Duration window) {
        this.clock = clock;
        this.max = max;
        this.windowNanos = window.toNanos();
        this.windowBegan = clock.nanos();
    }

    /** It has happened once more; true if that is too often. */
    boolean isExceeded() {
        long now = clock.nanos();
        if (now - windowBegan > windowNanos) {
            windowBegan = now;
            inWindow = 0;
        }
        inWindow++;
        return inWindow > max;
    }
}
