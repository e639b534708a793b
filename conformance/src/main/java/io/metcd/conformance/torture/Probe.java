package io.metcd.conformance.torture;

import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Writers that try again and again until one of them is answered: the moment at which a cluster goes on. */
final class Probe {
    private static final Duration CALL_LIMIT = Duration.ofMillis(500);
    private static final long STAGGER_NANOS = 60_000_000;
    private static final int EACH = 3;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Ledger ledger;
    private final CountDownLatch answered = new CountDownLatch(1);

    private Probe(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Writes through these endpoints from now on; returns how long it took until the first acknowledgement. */
    static Duration firstWrite(Ledger ledger, List<String> endpoints, Duration limit) {
        Probe probe = new Probe(ledger);
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < endpoints.size() * EACH; i++) {
            String endpoint = endpoints.get(i % endpoints.size());
            long wait = i * STAGGER_NANOS;
            threads.add(new Thread(() -> probe.run(endpoint, wait), "probe-" + i));
        }
        threads.forEach(Thread::start);
        try {
            if (!probe.answered.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("no write was acknowledged within " + limit);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            for (Thread thread : threads) {
                thread.join();
            }
            return took;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            probe.answered.countDown();
        }
    }

    private void run(String endpoint, long wait) {
        LockSupport.parkNanos(wait);
        while (answered.getCount() > 0) {
            try (KvClient client = KvClient.open(endpoint, CALL_LIMIT)) {
                while (answered.getCount() > 0) {
                    String key = String.format("t/probe/%08d", NUMBER.incrementAndGet());
                    long before = ledger.attempt(key);
                    ledger.acknowledge(key, client.put(key, Ledger.valueOf(key)), before);
                    answered.countDown();
                }
            } catch (IOException e) {
                LockSupport.parkNanos(STAGGER_NANOS / 2); // the other end has no answer yet: what is measured
            }
        }
    }
}
