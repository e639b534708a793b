/**
 * What a leader knows about one follower: how far it is, what is on the way to it, how long that takes.
 *
 * <p>Words owned here: {@link io.metcd.raft.progress.Progress} (match, floor, next; probe, replicate, snapshot),
 * {@link io.metcd.raft.progress.InFlight} (the window), {@link io.metcd.raft.progress.RoundTrip},
 * {@link io.metcd.raft.progress.Retry}, {@link io.metcd.raft.progress.ReorderTolerance}.
 *
 * <p>Sends nothing and counts no votes: it is told, and asked.
 */
@NullMarked
package io.metcd.raft.progress;

import org.jspecify.annotations.NullMarked;
