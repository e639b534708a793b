/**
 * Two servers, one question: random sequences of requests go to metcd and to a real etcd, and what they answer must be
 * equal, but for what is written down.
 *
 * <p>Words owned here: a <i>line</i> is one request in words ({@link io.metcd.conformance.differential.Words}), a
 * <i>sequence</i> some lines that begin on an empty store, a {@link io.metcd.conformance.differential.Side} one of the two
 * servers, a {@link io.metcd.conformance.differential.Difference} an accepted departure with a name. Nothing here may know
 * how metcd works inside: the only judge is the other server.
 */
@NullMarked
package io.metcd.conformance.differential;

import org.jspecify.annotations.NullMarked;
