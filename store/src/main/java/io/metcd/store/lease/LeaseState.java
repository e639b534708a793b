package io.metcd.store.lease;

/** A lease that exists, and the time to live that it was granted for. */
public record LeaseState(long id, long grantedTtlSeconds) {
    /** What a look-up gives for a lease that does not exist; no lease has the id 0. */
    static final LeaseState NONE = new LeaseState(0, 0);
}
