package io.metcd.raft;

/** A read is linearizable once the state machine contains this index (thesis §6.4). */
public record ReadState(long readId, long index) {}
