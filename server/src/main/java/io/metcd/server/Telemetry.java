package io.metcd.server;

import java.time.Duration;

/**
 * What a server tells of its calls.
 *
 * @param slowCall a unary call that takes so long is told of in a warning; zero for none
 * @param extensive whether the metrics hold how long the calls of each method take
 */
public record Telemetry(Duration slowCall, boolean extensive) {
    /** As etcd by default. */
    public static final Telemetry BASIC = new Telemetry(Duration.ofMillis(300), false);

    long slowCallNanos() {
        return slowCall.isZero() ? Long.MAX_VALUE : slowCall.toNanos();
    }
}
