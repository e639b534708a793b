/**
 * Watches: who wants to know of which changes, and what each is to be told next.
 *
 * <p>Words owned here: {@link io.metcd.store.watch.WatchHub} (one per event loop),
 * {@link io.metcd.store.watch.WatchStream} (one per connection's stream), {@link io.metcd.store.watch.WatchRequest},
 * {@link io.metcd.store.watch.WatchResponse}.
 *
 * <p>Responses are taken, never pushed: a stream that cannot write keeps no queue of events, only the revision it must
 * go on from. No thread, no callback, no time.
 */
@NullMarked
package io.metcd.store.watch;

import org.jspecify.annotations.NullMarked;
