package io.metcd.store.lease;

/** A lease that exists, and the time to live that it was granted for. */
public record LeaseState(long id, long grantedTtlSeconds) {}
