package io.metcd.raft;

/**
 * Everything in one {@link Ready}, and in all before it, has reached the disk.
 *
 * <p>The terms guard against an acknowledgement of entries that have been replaced since: an entry may be written,
 * overwritten and written again, and the first write's completion says nothing about the third.
 *
 * @param write counts the writes of this member's run
 * @param term of this member when the Ready was made
 * @param lastIndex of its log then
 * @param lastTerm of the entry at that index
 */
public record Durable(long write, long term, long lastIndex, long lastTerm) {}
