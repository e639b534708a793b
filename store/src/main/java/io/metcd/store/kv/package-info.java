/**
 * The values in which the store speaks: what a key holds, what is asked of it, what changed, why something was refused.
 *
 * <p>Words owned here: {@link io.metcd.store.kv.KeyValue}, {@link io.metcd.store.kv.KeyRange},
 * {@link io.metcd.store.kv.Event}, {@link io.metcd.store.kv.RangeQuery}, {@link io.metcd.store.kv.RangeResult},
 * {@link io.metcd.store.kv.Refusal}.
 *
 * <p>Values only: nothing here changes, and nothing here knows how it is kept or how a client writes it.
 */
@NullMarked
package io.metcd.store.kv;

import org.jspecify.annotations.NullMarked;
