/**
 * Consensus over packets that may be lost, repeated, delayed or reordered: Raft (Ongaro and Ousterhout, USENIX ATC 2014;
 * Ongaro's thesis, Stanford 2014), with PreVote and CheckQuorum always on, and with changes of membership that are in
 * force from their entry on, through joint configurations where one step would not be safe.
 *
 * <p>Words owned here: {@link io.metcd.raft.Raft} (the door), {@link io.metcd.raft.Ready} (what the owner must do),
 * {@link io.metcd.raft.Message}, {@link io.metcd.raft.Entry}, {@link io.metcd.raft.HardState}. One room for each role:
 * {@code Leader}, {@code Follower}, {@code Candidate}.
 *
 * <p>Pure: no thread, socket, file, clock, lock or logger. It must never learn what a command means.
 */
@NullMarked
package io.metcd.raft;

import org.jspecify.annotations.NullMarked;
