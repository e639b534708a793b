package io.metcd.raft;

/** The state machine contains all entries up to this index. */
public record Applied(long index) {}
