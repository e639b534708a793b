/**
 * The smallest gRPC client that can be trusted to do only what it is told: one call at a time on one connection, no
 * retry, no pool, so that what a test knows of a write's outcome is what the wire said of it.
 *
 * <p>Words owned here: {@link io.metcd.conformance.client.GrpcConnection} (HTTP/2 as far as one call needs it),
 * {@link io.metcd.conformance.client.KvClient} (the few requests that are used).
 */
@NullMarked
package io.metcd.conformance.client;

import org.jspecify.annotations.NullMarked;
