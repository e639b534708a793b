package io.metcd.conformance.torture;

import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** Threads that each write one new key after the other through a member of their own, and keep books. */
public final class Writers implements AutoCloseable {
    private static final long RETRY_NANOS = 30_000_000;

    private final Ledger ledger;
    private final Pace pace;
    private final ConcurrentSkipListMap<String, Account> accounts = new ConcurrentSkipListMap<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Writers share it for the time of one call; who wants silence takes it alone. */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);

    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private volatile String prefix = "";
    private volatile boolean stopping;

    /**
     * How a writer goes about it.
     *
     * @param rest between two calls
     * @param patience what a call may take; then it counts as failed
     */
    public record Pace(Duration rest, Duration patience) {
        /** Hundreds of calls a second, and whoever is not answered soon asks again. */
        public static final Pace BRISK = new Pace(Duration.ofMillis(4), Duration.ofSeconds(2));
    }

    /** What the writers through one endpoint met since they were last asked. */
    private static final class Account {
        private final AtomicLong failed = new AtomicLong();
        private final AtomicLong slowestNanos = new AtomicLong();
        private volatile String lastFailure = "";
    }

    /** {@code each} threads for each endpoint. */
    public Writers(Ledger ledger, List<String> endpoints, int each) {
        this(ledger, endpoints, each, Pace.BRISK);
    }

    public Writers(Ledger ledger, List<String> endpoints, int each, Pace pace) {
        this.ledger = ledger;
        this.pace = pace;
        endpoints.forEach(endpoint -> accounts.put(endpoint, new Account()));
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

    /** How many calls through an endpoint have failed since this was last asked. */
    public long failed(String endpoint) {
        return account(endpoint).failed.getAndSet(0);
    }

    /** Why a call through an endpoint failed last; empty if none has. */
    public String lastFailure(String endpoint) {
        return account(endpoint).lastFailure;
    }

    /** The longest that an acknowledgement through an endpoint has taken since this was last asked. */
    public Duration slowest(String endpoint) {
        return Duration.ofNanos(account(endpoint).slowestNanos.getAndSet(0));
    }

    private Account account(String endpoint) {
        return Objects.requireNonNull(accounts.get(endpoint), endpoint);
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
                thread.join(pace.patience().toMillis() * 2);
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
                    client = KvClient.open(endpoint, pace.patience());
                }
                write(client, account(endpoint), String.format("%s%02d-%06d", prefix, number, i));
                LockSupport.parkNanos(pace.rest().toNanos());
            } catch (IOException e) {
                if (client != null) {
                    client.close();
                }
                client = null;
                account(endpoint).failed.incrementAndGet();
                account(endpoint).lastFailure = e.toString();
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

    private void write(KvClient client, Account account, String key) throws IOException {
        long before = ledger.attempt(key);
        long start = System.nanoTime();
        ledger.acknowledge(key, client.put(key, Ledger.valueOf(key)), before);
        account.slowestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
    }
}
