package io.metcd.node;

import io.metcd.base.Bytes;
import java.util.List;

/** The leader's answer about a lease. */
public sealed interface LeaseOutcome {
    /**
     * A renewal.
     *
     * @param ttlSeconds the granted time, which begins anew; 0 when there is no such lease
     * @param revision the leader's revision before the renewal
     */
    record Renewed(long leaseId, long ttlSeconds, long revision) implements LeaseOutcome {}

    /**
     * What is left of a lease.
     *
     * @param remainingSeconds -1 when there is no such lease
     * @param grantedSeconds 0 when there is no such lease
     * @param keys attached to it, empty if not asked for
     */
    record TimeToLive(long leaseId, long remainingSeconds, long grantedSeconds, List<Bytes> keys, long revision)
            implements LeaseOutcome {}

    /** No answer came. */
    record Failed(Failure failure) implements LeaseOutcome {}
}
