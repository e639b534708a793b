package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.LineCluster;
import io.metcd.conformance.Product;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Every member stopped in order and started again, one after the other, under clients that try again elsewhere. */
final class RollingTorture {
    private static final Duration CALL_LIMIT = Duration.ofMillis(700);
    private static final Duration GIVE_UP = Duration.ofSeconds(10);
    private static final Duration GAP_LIMIT = Duration.ofSeconds(2);
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);
    private static final long CALM_NANOS = 1_000_000_000;
    private static final long PACE_NANOS = 5_000_000;
    private static final int WRITERS = 4;

    private final DurableCluster cluster;
    private final Ledger ledger = new Ledger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicLong longestNanos = new AtomicLong();
    private volatile boolean stopping;

    private RollingTorture(DurableCluster cluster) {
        this.cluster = cluster;
    }

    /** Goes round the members so many times. */
    static String play(Product product, int rounds, boolean judged) {
        try (DurableCluster cluster = DurableCluster.start(product, LineCluster.NAMES)) {
            return "torture rolling: " + product.name() + ", " + new RollingTorture(cluster).run(rounds, judged);
        }
    }

    private String run(int rounds, boolean judged) {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            int number = i;
            threads.add(new Thread(() -> write(number), "writer-" + i));
        }
        threads.forEach(Thread::start);
        Durations recoveries = new Durations();
        try {
            for (int round = 0; round < rounds; round++) {
                for (String name : cluster.names()) {
                    LockSupport.parkNanos(CALM_NANOS);
                    cluster.member(name).stop();
                    cluster.boot(name);
                    recoveries.add(cluster.awaitServing(name));
                }
            }
            LockSupport.parkNanos(CALM_NANOS);
        } finally {
            stopping = true;
            join(threads);
        }
        nothingIsLost();
        Duration gap = Duration.ofNanos(longestNanos.get());
        String figure = String.format(
                "%d restarts, %d acknowledged writes, %d failed, 0 lost, longest time of a writer without an"
                        + " acknowledgement %d ms%s, serving again after %s",
                recoveries.count(),
                ledger.acknowledged(),
                failed.get(),
                gap.toMillis(),
                judged ? " (limit " + GAP_LIMIT.toMillis() + ")" : "",
                recoveries);
        if (judged && (failed.get() > 0 || gap.compareTo(GAP_LIMIT) > 0)) {
            throw new Ledger.BrokenPromise(figure);
        }
        return figure;
    }

    /** Each write is tried at one member after the other, every time as a new key, until one is acknowledged. */
    private void write(int number) {
        KvClient client = null;
        int member = number;
        int attempt = 0;
        while (!stopping) {
            long start = System.nanoTime();
            boolean done = false;
            while (!done && System.nanoTime() - start < GIVE_UP.toNanos()) {
                client = open(client, cluster.endpoints().get(member % LineCluster.NAMES.size()));
                done = client != null && put(client, String.format("t/%02d-%07d", number, attempt++));
                if (!done) {
                    member++;
                    client = close(client);
                    LockSupport.parkNanos(PACE_NANOS);
                }
            }
            if (!done) {
                failed.incrementAndGet();
            }
            longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
            LockSupport.parkNanos(PACE_NANOS);
        }
        close(client);
    }

    private boolean put(KvClient client, String key) {
        long before = ledger.attempt(key);
        try {
            ledger.acknowledge(key, client.put(key, Ledger.valueOf(key)), before);
            return true;
        } catch (IOException e) {
            return false; // unknown, and so the books say
        }
    }

    private static @Nullable KvClient open(@Nullable KvClient client, String endpoint) {
        if (client != null && client.isOpen()) {
            return client;
        }
        try {
            return KvClient.open(endpoint, CALL_LIMIT);
        } catch (IOException e) {
            return null; // it is being restarted
        }
    }

    private static @Nullable KvClient close(@Nullable KvClient client) {
        if (client != null) {
            client.close();
        }
        return null;
    }

    private void nothingIsLost() {
        for (String name : cluster.names()) {
            Ledger.Expectation expected = ledger.expect("t/");
            try (KvClient client = KvClient.open(cluster.endpoint(name), READ_LIMIT)) {
                expected.mustEqual(client.list("t/"), name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void join(List<Thread> threads) {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
