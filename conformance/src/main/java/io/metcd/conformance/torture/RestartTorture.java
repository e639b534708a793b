package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Product;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A member with much data and a long log is killed: the time until it serves again. */
final class RestartTorture {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int WRITERS = 32;
    private static final int VALUE_BYTES = 16_384;

    private final DurableCluster cluster;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();

    private RestartTorture(DurableCluster cluster) {
        this.cluster = cluster;
    }

    /** One member that holds {@code mebibytes} and has then logged {@code entries} small writes more. */
    static String play(Product product, int mebibytes, int entries, boolean judged) {
        try (DurableCluster cluster = DurableCluster.start(product, List.of("a"))) {
            RestartTorture torture = new RestartTorture(cluster);
            int large = (int) ((long) mebibytes * 1024 * 1024 / VALUE_BYTES);
            long start = System.nanoTime();
            torture.fill(large, "d/", "v".repeat(VALUE_BYTES));
            torture.fill(entries, "e/", "small");
            Duration filled = Duration.ofNanos(System.nanoTime() - start);
            cluster.member("a").kill();
            cluster.boot("a");
            Duration took = cluster.awaitServing("a");
            torture.nothingIsLost(large, entries);
            String figure = String.format(
                    "torture restart: %s, %d MiB in %d keys and %d log entries more (written in %d s): serving %d ms"
                            + " after the start of its process%s",
                    product.name(),
                    mebibytes,
                    large,
                    entries,
                    filled.toSeconds(),
                    took.toMillis(),
                    judged ? " (limit " + LIMIT.toMillis() + " ms)" : "");
            if (judged && took.compareTo(LIMIT) > 0) {
                throw new Ledger.BrokenPromise(figure);
            }
            return figure;
        }
    }

    private void fill(int count, String prefix, String value) {
        next.set(0);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            threads.add(new Thread(() -> write(count, prefix, value), "filler-" + i));
        }
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException met = failure.get();
        if (met != null) {
            throw new UncheckedIOException(met);
        }
    }

    private void write(int count, String prefix, String value) {
        try (KvClient client = KvClient.open(cluster.endpoint("a"), CALL_LIMIT)) {
            for (int i = next.getAndIncrement(); i < count && failure.get() == null; i = next.getAndIncrement()) {
                client.put(String.format("%s%08d", prefix, i), value);
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    private void nothingIsLost(int large, int entries) {
        try (KvClient client = KvClient.open(cluster.endpoint("a"), CALL_LIMIT)) {
            long found = client.count("d/") + client.count("e/");
            if (found != large + entries) {
                throw new Ledger.BrokenPromise(
                        "LOST: " + (large + entries) + " keys were acknowledged, there are " + found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
