package io.metcd.node;

import io.metcd.base.Invariants;
import io.metcd.store.lease.LeaseState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The deadlines of leases; pure, and active on the leader only. Time is handed in.
 *
 * <p>Deadlines are not replicated: a new leader gives every lease its full time again, or what was left of it at its
 * checkpoint, plus an election time-out, so that a renewal which the old leader has granted is never cut short. A lease that is past its deadline cannot be
 * renewed any more: it waits for the revocation that the log decides.
 *
 * <p>Renewing moves a deadline without touching the queue; the queue's entry notices when its time comes. Hence the
 * queue holds one entry per lease, and its time is never later than the lease's deadline.
 */
final class LeaseTimers {
    static final long SCAN_NANOS = 500_000_000L;
    static final long RETRY_NANOS = 3_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** The longest lease that the store grants; times this far apart can still be compared by their difference. */
    private static final long TTL_SECONDS_MAX = 9_000_000_000L;

    /** What a renewal came to. */
    enum Renewal {
        RENEWED,
        UNKNOWN,
        /** Past its deadline: ask again when its revocation has been applied. */
        EXPIRED
    }

    private static final class Lease {
        final long id;
        final long ttlSeconds;
        long deadline;
        boolean removed;

        Lease(long id, long ttlSeconds, long deadline) {
            this.id = id;
            this.ttlSeconds = ttlSeconds;
            this.deadline = deadline;
        }
    }

    /** A place in the queue. */
    private record Alarm(Lease lease, long at, long order) {}

    private static final Comparator<Alarm> EARLIEST =
            (a, b) -> a.at() != b.at() ? Long.signum(a.at() - b.at()) : Long.compare(a.order(), b.order());

    private final Limits limits;
    private final TreeMap<Long, Lease> leases = new TreeMap<>();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>(EARLIEST);
    /** Leases whose revocation is under way, with the time to try it again. */
    private final TreeMap<Long, Long> revoking = new TreeMap<>();

    private boolean leading;
    private long nextScan;
    private long order;

    LeaseTimers(Limits limits) {
        this.limits = limits;
    }

    boolean leading() {
        return leading;
    }

    int size() {
        return leases.size();
    }

    /** This member has become the leader: begins to time, with {@link #resumed} for each lease that exists. */
    void lead(long nowNanos) {
        stop();
        leading = true;
        nextScan = nowNanos + SCAN_NANOS;
    }

    /** This member leads no longer. */
    void stop() {
        leading = false;
        leases.clear();
        alarms.clear();
        revoking.clear();
    }

    /** A lease exists from now on. */
    void granted(long id, long ttlSeconds, long nowNanos) {
        resumed(new LeaseState(id, ttlSeconds), nowNanos, 0);
    }

    /** As {@link #granted}, of a lease that existed already; {@code extraNanos} is the grace of a new leader. */
    void resumed(LeaseState state, long nowNanos, long extraNanos) {
        if (!leading) {
            return;
        }
        revoked(state.id());
        long deadline = nowNanos + nanos(state.secondsLeft()) + extraNanos;
        Lease lease = new Lease(state.id(), state.grantedTtlSeconds(), deadline);
        leases.put(state.id(), lease);
        alarms.add(new Alarm(lease, lease.deadline, order++));
    }

    /** A lease exists no longer. */
    void revoked(long id) {
        Lease lease = leases.remove(id);
        if (lease != null) {
            lease.removed = true;
        }
        revoking.remove(id);
    }

    /** After {@link #lead} with many leases: moves deadlines so that no second sees more than the rate. */
    void spread(long nowNanos) {
        if (leases.size() <= limits.leaseRate()) {
            return;
        }
        List<Lease> byDeadline = new ArrayList<>(leases.values());
        byDeadline.sort(Comparator.comparingLong((Lease lease) -> lease.deadline - nowNanos));
        long spacing = SECOND / limits.leaseRate();
        long free = nowNanos;
        alarms.clear();
        for (Lease lease : byDeadline) {
            lease.deadline = lease.deadline - free < 0 ? free : lease.deadline;
            free = lease.deadline + spacing;
            alarms.add(new Alarm(lease, lease.deadline, order++));
        }
    }

    Renewal renew(long id, long nowNanos) {
        Lease lease = leases.get(id);
        if (lease == null) {
            return Renewal.UNKNOWN;
        }
        if (nowNanos - lease.deadline >= 0) {
            return Renewal.EXPIRED;
        }
        // Never earlier than it was: a new leader's grace stays.
        lease.deadline = Math.max(lease.deadline - nowNanos, nanos(lease.ttlSeconds)) + nowNanos;
        return Renewal.RENEWED;
    }

    /** Whole seconds until the deadline; may be 0 or less until the revocation. The lease must have one. */
    long remainingSeconds(long id, long nowNanos) {
        Lease lease = leases.get(id);
        if (lease == null) {
            throw new Invariants.Violation("lease " + id + " has no deadline");
        }
        return Math.floorDiv(lease.deadline - nowNanos, SECOND);
    }

    /** The same rounded up, for what must not end early; 0 for a lease that is past its deadline, or unknown. */
    long secondsLeft(long id, long nowNanos) {
        Lease lease = leases.get(id);
        return lease == null ? 0 : Math.max(0, -Math.floorDiv(nowNanos - lease.deadline, SECOND));
    }

    boolean has(long id) {
        return leases.containsKey(id);
    }

    /** Leases to be revoked now: at most once per scan interval, and never more than may be under way. */
    List<Long> expired(long nowNanos) {
        if (!leading || nowNanos - nextScan < 0) {
            return List.of();
        }
        nextScan = nowNanos + SCAN_NANOS;
        List<Long> due = new ArrayList<>();
        revoking.replaceAll((id, retryAt) -> {
            if (nowNanos - retryAt < 0) {
                return retryAt;
            }
            due.add(id);
            return nowNanos + RETRY_NANOS;
        });
        for (int looked = 0; looked < limits.leaseScanMax() && revoking.size() < limits.leaseRevokesMax(); looked++) {
            Alarm alarm = alarms.peek();
            if (alarm == null || nowNanos - alarm.at() < 0) {
                break;
            }
            alarms.poll();
            Lease lease = alarm.lease();
            if (lease.removed) {
                continue;
            }
            if (nowNanos - lease.deadline < 0) {
                alarms.add(new Alarm(lease, lease.deadline, order++));
                continue;
            }
            revoking.put(lease.id, nowNanos + RETRY_NANOS);
            due.add(lease.id);
        }
        return due;
    }

    private static long nanos(long seconds) {
        return Math.min(seconds, TTL_SECONDS_MAX) * SECOND;
    }
}
