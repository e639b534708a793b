package io.metcd.conformance.torture;

import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Threads that each write one new key after the other through a member of their own, and keep books. */
public final class Writers implements AutoCloseable {
    private static final Duration CALL_LIMIT = Duration.ofSeconds(2);
    private static final long PACE_NANOS = 4_000_000;
    private static final long RETRY_NANOS = 30_000_000;

    private final Ledger ledger;
    private final List<Thread> threads = new ArrayList<>();
    /** Writers share it for the time of one call; who wants silence takes it alone. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile String prefix = "";
    private volatile boolean stopping;

    /** {@code each} threads for each endpoint. */
    public Writers(Ledger ledger, List<String> endpoints, int each) {
        this.ledger = ledger;
        for (int i = 0; i < endpoints.size() * each; i++) {
            String endpoint = endpoints.get(i % endpoints.size());
            int number = i;
            Thread thread = new Thread(() -> run(endpoint, number), "writer-" + number);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    public void start(String firstPrefix) {
        prefix = firstPrefix;
        threads.forEach(Thread::start);
    }

    /** Keys from now on start with this. */
    public void turnTo(String next) {
        prefix = next;
    }

    /** Returns when no call is under way; none begins before {@link #resume}. By one thread, which also resumes. */
    public void pause() {
        gate.writeLock().lock();
    }

    public void resume() {
        gate.writeLock().unlock();
    }

    /** Throws what a writer met that must not be. */
    public void check() {
        RuntimeException met = failure.get();
        if (met != null) {
            throw met;
        }
    }

    @Override
    public void close() {
        stopping = true;
        threads.forEach(thread -> {
            try {
                thread.join(CALL_LIMIT.toMillis() * 2);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void run(String endpoint, int number) {
        KvClient client = null;
        for (int i = 0; !stopping && failure.get() == null; i++) {
            gate.readLock().lock();
            try {
                if (client == null || !client.isOpen()) {
                    client = KvClient.open(endpoint, CALL_LIMIT);
                }
                write(client, String.format("%s%02d-%06d", prefix, number, i));
                LockSupport.parkNanos(PACE_NANOS);
            } catch (IOException e) {
                client = null;
            } catch (RuntimeException e) {
                failure.set(e);
            } finally {
                gate.readLock().unlock();
            }
            if (client == null) {
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
        if (client != null) {
            client.close();
        }
    }

    private void write(KvClient client, String key) throws IOException {
        long before = ledger.attempt(key);
        ledger.acknowledge(key, client.put(key, Ledger.valueOf(key)), before);
    }
}
