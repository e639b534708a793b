/**
 * What one peer tells all others: messages, once and in order, and shared states that every peer ends up with alike.
 *
 * <p>An item is signed by its owner and goes down the tree of shortest paths from there; neighbours tell each other
 * what they hold, and ask for what they miss. Peers that use a topic and peers that do not carry it alike, without
 * looking inside.
 *
 * <p>Words owned here: {@code Life}, {@code Item}, {@code Series}, {@code Crdt}. It speaks to direct neighbours alone,
 * over one channel, and never interprets a payload that is not its own peer's topic. Pure: no clock, thread, socket or
 * log of its own.
 */
@NullMarked
package io.metcd.mesh.spread;

import org.jspecify.annotations.NullMarked;
