package io.metcd.server.rpc;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of unary calls that took long: what was asked, without values and passwords, and how it ended. Where everything
 * is slow, at most so many lines a second are written, and the next one says how many were not.
 */
public final class SlowCalls {
    /** Warns of nothing. */
    public static final SlowCalls NONE = new SlowCalls(Long.MAX_VALUE, (method, request) -> "");

    private static final Logger LOG = LoggerFactory.getLogger(SlowCalls.class);
    static final int LINES_PER_SECOND_MAX = 10;

    private final long thresholdNanos;
    private final BiFunction<String, Bytes, String> digest;
    private final Clock clock;
    private long windowNanos;
    private int lines;
    private long untold;

    /** The function makes a short text of a request, given the path of its method and its bytes. */
    public SlowCalls(long thresholdNanos, BiFunction<String, Bytes, String> digest) {
        this(thresholdNanos, digest, Clock.system());
    }

    SlowCalls(long thresholdNanos, BiFunction<String, Bytes, String> digest, Clock clock) {
        this.thresholdNanos = thresholdNanos;
        this.digest = digest;
        this.clock = clock;
    }

    boolean isSlow(long nanos) {
        return nanos >= thresholdNanos;
    }

    /** A slow call, after its end. */
    record Ended(String path, Code code, long nanos, String client) {}

    void warn(Ended call, Bytes request) {
        long omitted = admit();
        if (omitted >= 0) {
            LOG.warn(
                    "slow request; method={} took_ms={} allowed_ms={} code={} client={} request_bytes={} request=\"{}\"{}",
                    call.path,
                    TimeUnit.NANOSECONDS.toMillis(call.nanos),
                    TimeUnit.NANOSECONDS.toMillis(thresholdNanos),
                    call.code.label(),
                    call.client,
                    request.size(),
                    digest.apply(call.path, request),
                    omitted > 0 ? " omitted_before=" + omitted : "");
        }
    }

    /** How many were left out since the last line, or -1 for one that is left out itself. */
    synchronized long admit() {
        long now = clock.nanos();
        if (now - windowNanos >= TimeUnit.SECONDS.toNanos(1)) {
            windowNanos = now;
            lines = 0;
        }
        if (lines >= LINES_PER_SECOND_MAX) {
            untold++;
            return -1;
        }
        lines++;
        long omitted = untold;
        untold = 0;
        return omitted;
    }
}
