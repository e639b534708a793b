/**
 * The replicated log in memory and what waits in front of it.
 *
 * <p>Words owned here: {@link io.metcd.raft.log.RaftLog} (the entries and the marks on them: snapshot, applied, commit,
 * durable, written, last), {@link io.metcd.raft.log.ReorderWindow} (appends that came too early),
 * {@link io.metcd.raft.log.LogView}.
 *
 * <p>Knows neither roles nor quorums: that something is committed is told to it.
 */
@NullMarked
package io.metcd.raft.log;

import org.jspecify.annotations.NullMarked;
