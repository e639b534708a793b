package io.metcd.embed;

import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.node.LeaseOutcome;
import io.metcd.node.ReplicaConfig;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Leases: keys hang on them, and are deleted with them. */
public final class Leases {
    private static final long CLOSE_SECONDS = 2;

    private final Calls calls;
    private final ScheduledExecutorService timer;
    private final Executor callbacks;
    private final RandomSource random = RandomSource.system();
    private final List<Lease> alive = new ArrayList<>();

    Leases(Calls calls, ScheduledExecutorService timer, Executor callbacks) {
        this.calls = calls;
        this.timer = timer;
        this.callbacks = callbacks;
    }

    /** Grants a lease, which this member renews from now on; it is given at least the least time that is safe. */
    public Lease grant(Duration timeToLive) {
        ReplicaConfig.Timing timing = calls.replica().config().timing();
        long least = (timing.electionNanos() * 3 / 2 + 999_999_999L) / 1_000_000_000L;
        long seconds = Math.max(least, timeToLive.toSeconds());
        long asked = nanos();
        Command grant = new Command.LeaseGrant(newId(), seconds);
        CommandResult.LeaseGrantResult granted = (CommandResult.LeaseGrantResult) Calls.join(calls.submit(grant));
        Lease lease = new Lease(this, granted.id(), granted.ttlSeconds(), asked);
        synchronized (alive) {
            alive.add(lease);
        }
        later(TimeUnit.SECONDS.toNanos(granted.ttlSeconds()) / 3, lease::renew);
        return lease;
    }

    /** Ends any lease by its id: its keys are deleted. */
    public void revoke(long leaseId) {
        Calls.join(calls.submit(new Command.LeaseRevoke(leaseId)));
    }

    /** What is left of a lease; empty if there is no such lease. */
    public Optional<Duration> timeToLive(long leaseId) {
        CompletableFuture<Optional<Duration>> future = new CompletableFuture<>();
        long patience = calls.replica().config().timing().requestNanos();
        calls.replica().timeToLive(leaseId, false, patience, outcome -> {
            if (outcome instanceof LeaseOutcome.TimeToLive found) {
                future.complete(
                        found.remainingSeconds() < 0 && found.grantedSeconds() == 0
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(Math.max(0, found.remainingSeconds()))));
            } else if (outcome instanceof LeaseOutcome.Failed failed) {
                future.completeExceptionally(calls.failed(failed.failure()));
            }
        });
        return Calls.join(future);
    }

    Calls calls() {
        return calls;
    }

    long nanos() {
        return Clock.system().nanos();
    }

    void later(long nanos, Runnable task) {
        try {
            timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closing) {
            // Nothing is renewed any more once the member is closed.
            return;
        }
    }

    void call(Runnable task) {
        callbacks.execute(task);
    }

    void forget(Lease lease) {
        synchronized (alive) {
            alive.remove(lease);
        }
    }

    /** Revokes every lease, so that nobody must wait for their time to pass; gives up soon. */
    void close() {
        List<Lease> left;
        synchronized (alive) {
            left = List.copyOf(alive);
            alive.clear();
        }
        CompletableFuture<?>[] revocations = left.stream()
                .filter(Lease::end)
                .map(lease -> lease.revoke().exceptionally(failure -> null))
                .toArray(CompletableFuture[]::new);
        CompletableFuture<Void> all = CompletableFuture.allOf(revocations);
        try {
            Calls.join(all.completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS));
        } catch (MetcdException interrupted) {
            // The closing goes on without waiting: the leases end by themselves.
            return;
        }
    }

    private long newId() {
        synchronized (random) {
            return Math.max(1, random.nextLong() >>> 1);
        }
    }
}
