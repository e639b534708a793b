package io.metcd.journal.file;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** How long the disk took to make one kind of file durable, and how much was written; read by any thread. */
public final class DiskTimes {
    /** 1 ms, then each twice the one before: as etcd's metrics have it. */
    private static final int BOUNDS = 14;

    private static final double FIRST_BOUND_SECONDS = 0.001;

    private final AtomicLongArray counts = new AtomicLongArray(BOUNDS + 1);
    private final AtomicLong sumNanos = new AtomicLong();
    private final AtomicLong writtenBytes = new AtomicLong();

    void synced(long nanos) {
        int bucket = 0;
        while (bucket < BOUNDS && nanos > TimeUnit.MILLISECONDS.toNanos(1) << bucket) {
            bucket++;
        }
        counts.incrementAndGet(bucket);
        sumNanos.addAndGet(nanos);
    }

    void wrote(int bytes) {
        writtenBytes.addAndGet(bytes);
    }

    /** Upper bounds of the buckets in seconds. */
    public static List<Double> bounds() {
        return IntStream.range(0, BOUNDS)
                .mapToObj(i -> FIRST_BOUND_SECONDS * (1 << i))
                .toList();
    }

    /** Syncs in each bucket, the last being without a bound; not added up. */
    public List<Long> counts() {
        return IntStream.range(0, counts.length()).mapToObj(counts::get).toList();
    }

    public double sumSeconds() {
        return sumNanos.get() / 1e9;
    }

    public long writtenBytes() {
        return writtenBytes.get();
    }
}
