/**
 * Keys, revisions, leases and the memory of proposals: a state machine that the log drives.
 *
 * <p>Words owned here: {@link io.metcd.store.Store} (the one writer), {@link io.metcd.store.Root} (an immutable state
 * that any thread may read), {@link io.metcd.store.Limits}.
 *
 * <p>Values in, values out: no thread, no clock, no randomness, no I/O. The same entries give the same state, and the
 * same state hash, on every member.
 */
@NullMarked
package io.metcd.store;

import org.jspecify.annotations.NullMarked;
