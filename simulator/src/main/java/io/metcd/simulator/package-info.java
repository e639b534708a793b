/**
 * A whole cluster on one thread from one seed: real code above simulated doors, faults, and checkers.
 *
 * <p>Words owned here: run (one seed, one cluster, some minutes of virtual time), profile (what kind of cluster), hash
 * (of everything that happened in a run: the same seed gives the same).
 *
 * <p>A run never depends on anything but its seed, its profile and its length.
 */
@NullMarked
package io.metcd.simulator;

import org.jspecify.annotations.NullMarked;
