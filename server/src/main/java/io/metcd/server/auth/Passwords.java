package io.metcd.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Hashes passwords and compares them, on threads of its own: a hash takes as long as thousands of requests.
 *
 * <p>The hashes are those of etcd, version {@code 2a} of bcrypt.
 */
public final class Passwords implements AutoCloseable {
    static final int COST_MIN = 4;
    static final int COST_MAX = 31;

    /** Longer ones would be cut by the algorithm. */
    public static final int BYTES_MAX = 72;

    /** Hashes that wait; more are refused. */
    private static final int WAITING_MAX = 256;

    private static final BCrypt.Version VERSION = BCrypt.Version.VERSION_2A;

    private final int cost;
    private final ThreadPoolExecutor threads;
    /** What a password is compared with where there is nobody: it takes as long, and never fits. */
    private final String nobody;

    public Passwords(int cost, int threadCount) {
        this.cost = cost;
        AtomicLong number = new AtomicLong();
        this.threads = new ThreadPoolExecutor(
                threadCount, threadCount, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING_MAX), work -> {
                    Thread thread = new Thread(work, "metcd-password-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        String shape = String.format(java.util.Locale.ROOT, "$2a$%02d$", cost);
        this.nobody = shape + "......................" + "...............................";
    }

    /** Whether it can be hashed as a whole. */
    public static boolean fits(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    }

    /** On a thread of its own, later; false if too many wait already. */
    public boolean hash(String password, Consumer<String> done) {
        return run(() -> done.accept(new String(
                BCrypt.with(VERSION, LongPasswordStrategies.truncate(VERSION)).hash(cost, utf8(password)),
                StandardCharsets.US_ASCII)));
    }

    /** As {@link #hash}: whether a password is that of a hash. An empty hash is nobody's. */
    public boolean verify(String password, String hash, Consumer<Boolean> done) {
        return run(() -> {
            boolean right = isRight(password, hash.isEmpty() ? nobody : hash);
            done.accept(right && !hash.isEmpty());
        });
    }

    private static boolean isRight(String password, String hash) {
        if (!fits(password)) {
            return false;
        }
        BCrypt.Result result = BCrypt.verifyer(VERSION, LongPasswordStrategies.truncate(VERSION))
                .verify(utf8(password), hash.getBytes(StandardCharsets.US_ASCII));
        return result.verified;
    }

    private boolean run(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private static byte[] utf8(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
