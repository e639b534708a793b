/**
 * The founding of clusters under torture: the real rules of founding above a small model of a mesh.
 *
 * <p>Words owned here: founder (one life of one process), truth (who can really reach whom), sight (what a founder has
 * heard, late, and never backwards for one origin), reign (a majority of a set lives, is connected, and has a leader).
 *
 * <p>Nothing here decides anything about foundings: what a founder does is what {@link io.metcd.node.Founding} says.
 */
@NullMarked
package io.metcd.simulator.founding;

import org.jspecify.annotations.NullMarked;
