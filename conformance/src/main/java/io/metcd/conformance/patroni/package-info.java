/**
 * PostgreSQL that fails over: Patroni keeps its leader's lock in metcd, over JSON.
 *
 * <p>Words owned here: {@link io.metcd.conformance.patroni.Node} (Patroni and its PostgreSQL as one host that can be
 * cut off), {@link io.metcd.conformance.patroni.PatroniDemo} (two of them over three members).
 */
@NullMarked
package io.metcd.conformance.patroni;

import org.jspecify.annotations.NullMarked;
