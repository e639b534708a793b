package io.metcd.raft;

/**
 * How far another member is, as the leader knows it.
 *
 * @param match it holds everything up to this index, durably
 * @param recentlyActive it was heard within the last election time-out
 * @param snapshotPending it needs a state that it has not fetched yet
 */
public record MemberProgress(long member, long match, boolean recentlyActive, boolean snapshotPending) {}
