package io.metcd.store.lease;

/**
 * A lease that exists.
 *
 * @param grantedTtlSeconds the time to live that it was granted for
 * @param remainderSeconds what was left of it at its last checkpoint; 0 if it was renewed since, or never had one
 */
public record LeaseState(long id, long grantedTtlSeconds, long remainderSeconds) {
    /** What a look-up gives for a lease that does not exist; no lease has the id 0. */
    static final LeaseState NONE = new LeaseState(0, 0);

    /** As it is granted, and after each renewal. */
    public LeaseState(long id, long grantedTtlSeconds) {
        this(id, grantedTtlSeconds, 0);
    }

    public boolean hasCheckpoint() {
        return remainderSeconds > 0;
    }

    /** What a new leader gives it, beside its grace. */
    public long secondsLeft() {
        return hasCheckpoint() ? remainderSeconds : grantedTtlSeconds;
    }
}
