package io.metcd.embed;

import io.metcd.node.LeaseOutcome;
import io.metcd.store.command.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A lease of this member's, renewed by it for as long as it lives. Keys that hang on it are deleted when it ends: by
 * {@link #close()}, or because no renewal came through in time.
 */
public final class Lease implements AutoCloseable {
    private final Leases leases;
    private final long id;
    private final long ttlNanos;
    private final Object lock = new Object();
    private final List<Runnable> onLost = new ArrayList<>();
    private long aliveUntil;
    private boolean lost;
    private boolean closed;

    Lease(Leases leases, long id, long ttlSeconds, long grantedNanos) {
        this.leases = leases;
        this.id = id;
        this.ttlNanos = TimeUnit.SECONDS.toNanos(ttlSeconds);
        this.aliveUntil = grantedNanos + ttlNanos;
    }

    /** What keys are put with. */
    public long id() {
        return id;
    }

    /** The time to live as granted, which may be longer than what was asked for. */
    public Duration timeToLive() {
        return Duration.ofNanos(ttlNanos);
    }

    /** False once it is closed or lost; true says that it lived when its last renewal was sent. */
    public boolean isAlive() {
        synchronized (lock) {
            return !closed && !lost;
        }
    }

    /**
     * Runs the task, on a thread of the member's, when the lease is lost: no renewal came through for its time to live,
     * or someone revoked it. At once if it is lost already; never if it is closed.
     */
    public void onLost(Runnable task) {
        synchronized (lock) {
            if (!lost) {
                onLost.add(task);
                return;
            }
        }
        leases.call(task);
    }

    /** Revokes it: its keys are deleted. Waits for that, but not for longer than a request may take. */
    @Override
    public void close() {
        if (end()) {
            leases.forget(this);
            try {
                Calls.join(revoke());
            } catch (MetcdException e) {
                if (e.reason() != MetcdException.Reason.LEASE_LOST) {
                    throw e;
                }
            }
        }
    }

    /** Ends the renewals; false if they had ended before. */
    boolean end() {
        synchronized (lock) {
            boolean first = !closed;
            closed = true;
            return first;
        }
    }

    CompletableFuture<Void> revoke() {
        return leases.calls().submit(new Command.LeaseRevoke(id)).thenAccept(result -> {});
    }

    /** Asks the leader to renew it, and again in a third of its time. */
    void renew() {
        if (!isAlive()) {
            return;
        }
        long asked = leases.nanos();
        long left;
        synchronized (lock) {
            left = aliveUntil - asked;
        }
        long patience = Math.max(TimeUnit.MILLISECONDS.toNanos(10), Math.min(left, ttlNanos / 3));
        leases.calls().replica().keepAlive(id, patience, outcome -> renewed(outcome, asked));
    }

    private void renewed(LeaseOutcome outcome, long askedNanos) {
        boolean over;
        long wait;
        synchronized (lock) {
            boolean granted = outcome instanceof LeaseOutcome.Renewed renewed && renewed.ttlSeconds() > 0;
            if (granted) {
                aliveUntil = askedNanos + ttlNanos;
            }
            boolean gone = outcome instanceof LeaseOutcome.Renewed && !granted;
            over = gone || leases.nanos() - aliveUntil >= 0;
            wait = granted ? ttlNanos / 3 : Math.min(ttlNanos / 10, TimeUnit.MILLISECONDS.toNanos(500));
        }
        if (over) {
            lose();
        } else {
            leases.later(wait, this::renew);
        }
    }

    private void lose() {
        List<Runnable> tasks;
        synchronized (lock) {
            if (lost || closed) {
                return;
            }
            lost = true;
            tasks = List.copyOf(onLost);
        }
        leases.forget(this);
        tasks.forEach(leases::call);
    }
}
