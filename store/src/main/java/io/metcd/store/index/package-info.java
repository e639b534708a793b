/**
 * The one data structure of the store: an ordered map that is never changed in place once it has been seen.
 *
 * <p>Words owned here: {@link io.metcd.store.index.OrderedMap} (immutable, for any thread),
 * {@link io.metcd.store.index.MapEditor} (its one writer), {@link io.metcd.store.index.Cursor}.
 *
 * <p>Knows nothing of keys, revisions or leases; an order is handed in.
 */
@NullMarked
package io.metcd.store.index;

import org.jspecify.annotations.NullMarked;
