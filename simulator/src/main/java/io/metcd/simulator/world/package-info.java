/**
 * The simulated world: one queue of virtual time, and the doors of {@code base} below it, so that real code above them
 * runs on one thread from one seed.
 *
 * <p>Words owned here: {@link io.metcd.simulator.world.EventQueue}, {@link io.metcd.simulator.world.SimProcess} (one
 * life of one member), {@link io.metcd.simulator.world.Path} (what one direction between two hosts does to traffic),
 * {@link io.metcd.simulator.world.TraceHash}.
 *
 * <p>It must never read a real clock, real randomness, an identity hash, or the order of a hash table.
 */
@NullMarked
package io.metcd.simulator.world;

import org.jspecify.annotations.NullMarked;
