/**
 * Leases as replicated state: which exist, how long each was granted for, what was left of it at its last
 * checkpoint, which keys hang on each.
 *
 * <p>Words owned here: {@link io.metcd.store.lease.LeaseState}, {@link io.metcd.store.lease.Leases} (immutable),
 * {@link io.metcd.store.lease.LeasesEditor} (its one writer).
 *
 * <p>Never a deadline and never a clock: when a lease ends is decided by the leader, outside the store, and reaches
 * the store as a command.
 */
@NullMarked
package io.metcd.store.lease;

import org.jspecify.annotations.NullMarked;
