package io.metcd.simulator.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When each lease was granted, renewed and revoked, as its client knows: it must live for its time to live after the
 * beginning of the last renewal that was answered, by any member's clock.
 */
public final class LeaseTimeline {
    /** Clocks are off by at most one per cent, on each side. */
    private static final double CLOCK_ERROR = 0.02;

    private final Map<Long, Lease> leases = new HashMap<>();

    private static final class Lease {
        private long ttlNanos;
        private final List<Renewal> renewals = new ArrayList<>();
        private long revokingSince = Long.MAX_VALUE;
        private long goneSince = Long.MAX_VALUE;
    }

    private record Renewal(long begun, long answered) {}

    /** A grant is asked for. */
    public void granting(long id, long ttlSeconds) {
        lease(id).ttlNanos = ttlSeconds * 1_000_000_000L;
    }

    /** A grant or a renewal that began at the given time was answered. */
    public void renewed(long id, long begun, long answered) {
        lease(id).renewals.add(new Renewal(begun, answered));
    }

    /** Somebody begins to revoke it: from now on it may be gone. */
    public void revoking(long id, long now) {
        Lease lease = lease(id);
        lease.revokingSince = Math.min(lease.revokingSince, now);
    }

    /** Its revocation, or its end, was seen. */
    public void gone(long id, long now) {
        Lease lease = lease(id);
        lease.goneSince = Math.min(lease.goneSince, now);
    }

    /** Whether the lease had certainly ended by the given time. */
    boolean hasEnded(long id, long time) {
        return lease(id).goneSince <= time;
    }

    /** Whether the lease may have ended by the given time. */
    public boolean mayHaveEnded(long id, long time) {
        Lease lease = lease(id);
        if (lease.revokingSince <= time) {
            return true;
        }
        long renewed = Long.MIN_VALUE;
        for (Renewal renewal : lease.renewals) {
            if (renewal.answered <= time) {
                renewed = Math.max(renewed, renewal.begun);
            }
        }
        return renewed == Long.MIN_VALUE || time - renewed >= lease.ttlNanos * (1 - CLOCK_ERROR);
    }

    private Lease lease(long id) {
        return leases.computeIfAbsent(id, key -> new Lease());
    }
}
