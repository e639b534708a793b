package io.metcd.server.vertx;

import io.metcd.base.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How often one connection may ping: as etcd's server, a ping each so often while it has calls and each two hours
 * while it has none; the third ping too soon ends the connection. Pings that follow something sent are free, since
 * clients measure the path with them.
 */
final class PingPolicy {
    private static final long IDLE_INTERVAL_NANOS = TimeUnit.HOURS.toNanos(2);
    private static final int STRIKES_MAX = 2;

    private final Clock clock;
    private final long intervalNanos;
    private boolean sentSinceLastPing = true;
    private long lastPingNanos;
    private int strikes;

    PingPolicy(Clock clock, Duration interval) {
        this.clock = clock;
        this.intervalNanos = interval.toNanos();
    }

    /** Something was sent on the connection. */
    void onSent() {
        sentSinceLastPing = true;
    }

    /** True if the connection must be ended. */
    boolean onPing(boolean hasCalls) {
        long now = clock.nanos();
        long sinceLast = now - lastPingNanos;
        lastPingNanos = now;
        if (sentSinceLastPing) {
            sentSinceLastPing = false;
            strikes = 0;
            return false;
        }
        if (sinceLast < (hasCalls ? intervalNanos : IDLE_INTERVAL_NANOS)) {
            strikes++;
        }
        return strikes > STRIKES_MAX;
    }
}
