/**
 * Durable members as processes, ill-treated while clients write, and the books that are kept of it.
 *
 * <p>Words owned here: {@link io.metcd.conformance.torture.Ledger} (what clients know of their writes),
 * {@link io.metcd.conformance.torture.Writers} (the load), {@link io.metcd.conformance.torture.Blow} (what is done to
 * members). Every part also runs against a real etcd, and with a planted loss, which it must find: that proves it.
 */
@NullMarked
package io.metcd.conformance.torture;

import org.jspecify.annotations.NullMarked;
