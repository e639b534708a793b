package io.metcd.conformance.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measured times, from which figures are drawn. For one thread. */
public final class Durations {
    private final List<Duration> sorted = new ArrayList<>();

    public void add(Duration duration) {
        sorted.add(duration);
        sorted.sort(null);
    }

    public int count() {
        return sorted.size();
    }

    /** The smallest measured time that so many per cent do not exceed. */
    public Duration percentile(int percent) {
        if (sorted.isEmpty()) {
            return Duration.ZERO;
        }
        int rank = (sorted.size() * percent + 99) / 100;
        return sorted.get(Math.max(0, rank - 1));
    }

    @Override
    public String toString() {
        return "p50 " + percentile(50).toMillis() + " ms, p99 " + percentile(99).toMillis() + " ms, max "
                + percentile(100).toMillis() + " ms";
    }
}
