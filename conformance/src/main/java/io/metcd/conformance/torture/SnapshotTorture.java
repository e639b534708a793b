package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Product;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot in the background costs those who write: one member, writers that never stop, and each write's time
 * counted for or against by whether a snapshot was under way. So both figures are of one run, and take turns in it.
 */
final class SnapshotTorture {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(30);
    private static final int WRITERS = 16;
    private static final int VALUE_BYTES = 16_384;
    private static final double COST_MAX = 1.20;
    private static final long LOOK_NANOS = 5_000_000;
    private static final int SAMPLES_MIN = 1_000;

    private final DurableCluster cluster;
    private final Path directory;
    private final AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Long> beside = new ArrayList<>();
    private final List<Long> alone = new ArrayList<>();
    private volatile boolean writing;
    private volatile boolean over;
    private int snapshots;

    private SnapshotTorture(DurableCluster cluster) {
        this.cluster = cluster;
        this.directory = cluster.seat("a").directory();
    }

    /** A member that holds {@code mebibytes} and is then written to for so long. */
    static String play(Product product, int mebibytes, int seconds) {
        try (DurableCluster cluster = DurableCluster.start(product, List.of("a"))) {
            SnapshotTorture torture = new SnapshotTorture(cluster);
            int keys = (int) ((long) mebibytes * 1024 * 1024 / VALUE_BYTES);
            torture.write(keys, System.nanoTime() + Duration.ofMinutes(10).toNanos(), keys, false);
            torture.write(keys, System.nanoTime() + Duration.ofSeconds(seconds).toNanos(), Integer.MAX_VALUE, true);
            return torture.figure(product, mebibytes);
        }
    }

    private void write(int keys, long deadline, int count, boolean counted) {
        next.set(0);
        over = false;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            threads.add(new Thread(() -> writer(keys, deadline, count, counted), "writer-" + i));
        }
        Thread look = new Thread(this::look, "look");
        look.start();
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
            over = true;
            look.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        IOException met = failure.get();
        if (met != null) {
            throw new UncheckedIOException(met);
        }
    }

    private void writer(int keys, long deadline, int count, boolean counted) {
        String value = "v".repeat(VALUE_BYTES);
        try (KvClient client = KvClient.open(cluster.endpoint("a"), CALL_LIMIT)) {
            for (int i = next.getAndIncrement();
                    i < count && System.nanoTime() < deadline;
                    i = next.getAndIncrement()) {
                boolean before = writing;
                long start = System.nanoTime();
                client.put(String.format("d/%08d", i % keys), value);
                long took = System.nanoTime() - start;
                if (counted && before == writing) {
                    note(took, before);
                }
            }
        } catch (IOException e) {
            failure.set(e);
        }
    }

    private synchronized void note(long nanos, boolean besideASnapshot) {
        (besideASnapshot ? beside : alone).add(nanos);
    }

    /** Beside the writers: whether an unfinished snapshot is in the directory; and history is cut, as clients would. */
    private void look() {
        Etcdctl client = new Etcdctl(List.of(), cluster.endpoint("a"));
        while (!over) {
            boolean now = unfinished();
            if (writing && !now) {
                snapshots++;
                client.run("compact", Long.toString(revision(client)));
            }
            writing = now;
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static long revision(Etcdctl client) {
        String answer = client.must("get", "none", "-w", "json");
        String digits = answer.replaceAll(".*\"revision\":(\\d+).*", "$1").strip();
        return Long.parseLong(digits);
    }

    private boolean unfinished() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.startsWith("snapshot-") && name.endsWith(".part"));
        } catch (IOException | UncheckedIOException e) {
            return writing; // A file went while it was listed.
        }
    }

    private String figure(Product product, int mebibytes) {
        if (beside.size() < SAMPLES_MIN || alone.size() < SAMPLES_MIN) {
            throw new Ledger.BrokenPromise("too few writes to compare: " + beside.size() + " beside snapshots, "
                    + alone.size() + " without: take more --seconds");
        }
        double cost = (double) at(beside, 99) / at(alone, 99);
        String figure = String.format(
                "torture snapshot: %s, %d MiB, %d snapshots, %d writes beside them: p50 %.2f p99 %.2f ms; %d without:"
                        + " p50 %.2f p99 %.2f ms; p99 x %.2f (limit %.2f)",
                product.name(),
                mebibytes,
                snapshots,
                beside.size(),
                millis(at(beside, 50)),
                millis(at(beside, 99)),
                alone.size(),
                millis(at(alone, 50)),
                millis(at(alone, 99)),
                cost,
                COST_MAX);
        if (cost > COST_MAX) {
            throw new Ledger.BrokenPromise(figure);
        }
        return figure;
    }

    private static long at(List<Long> nanos, int percent) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get(sorted.size() * percent / 100);
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
