package io.metcd.server.rpc;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** How long things took, in buckets whose upper bounds are fixed; written to by any thread without a lock. */
public final class Histogram {
    /** As Prometheus' own client has them: 5 ms to 10 s. */
    private static final double[] USUAL = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    private final double[] bounds;
    private final long[] boundsNanos;

    /** One more than there are bounds: the last counts what exceeds them all. */
    private final AtomicLongArray counts;

    private final LongAdder sumNanos = new LongAdder();

    private Histogram(double[] bounds) {
        this.bounds = bounds;
        this.boundsNanos = new long[bounds.length];
        for (int i = 0; i < bounds.length; i++) {
            boundsNanos[i] = (long) (bounds[i] * TimeUnit.SECONDS.toNanos(1));
        }
        this.counts = new AtomicLongArray(bounds.length + 1);
    }

    public static Histogram usual() {
        return new Histogram(USUAL.clone());
    }

    /** Bounds in seconds, each twice the one before. */
    public static Histogram doubling(double first, int count) {
        double[] bounds = new double[count];
        for (int i = 0; i < count; i++) {
            bounds[i] = first * (1L << i);
        }
        return new Histogram(bounds);
    }

    public void observe(long nanos) {
        int bucket = 0;
        while (bucket < boundsNanos.length && nanos > boundsNanos[bucket]) {
            bucket++;
        }
        counts.getAndIncrement(bucket);
        sumNanos.add(nanos);
    }

    /** Upper bounds in seconds. */
    public List<Double> bounds() {
        return Arrays.stream(bounds).boxed().toList();
    }

    /** What was counted in each bucket, the last being without a bound; not added up. */
    public List<Long> counts() {
        return IntStream.range(0, counts.length()).mapToObj(counts::get).toList();
    }

    public double sumSeconds() {
        return sumNanos.sum() / 1e9;
    }
}
