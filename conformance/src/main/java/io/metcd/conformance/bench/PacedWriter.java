package io.metcd.conformance.bench;

import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Puts at a steady rate, whatever the answers take: each value begins with the time at which it was sent. */
final class PacedWriter {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int CLIENTS = 32;
    private static final String PADDING = "x".repeat(100);

    private final String endpoint;
    private final int keys;
    private final long gapNanos;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    PacedWriter(String endpoint, int keys, int perSecond) {
        this.endpoint = endpoint;
        this.keys = keys;
        this.gapNanos = 1_000_000_000L / perSecond;
    }

    /** Returns the number of writes per second that were answered. */
    double write(Duration time) {
        next.set(0);
        long start = System.nanoTime();
        int count = (int) (time.toNanos() / gapNanos);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Thread thread = new Thread(() -> write(start, count), "writing-" + i);
            threads.add(thread);
            thread.start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException met = failure.get();
        if (met != null) {
            throw new IllegalStateException("a write has failed", met);
        }
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private void write(long start, int count) {
        try (KvClient client = KvClient.open(endpoint, LIMIT)) {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                long due = start + i * gapNanos;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                client.put(WatchCrowd.key(i % keys), System.nanoTime() + " " + PADDING);
            }
        } catch (IOException e) {
            failure.compareAndSet(null, e);
        }
    }
}
