/**
 * Consensus alone: several {@link io.metcd.raft.Raft} over a network of packets that are lost, doubled, delayed and
 * overtaken, on members that crash and come back; every invariant is checked after every step.
 *
 * <p>Words owned here: host (the driver of one Raft), mirror (a log as the outside knows it), faults.
 *
 * <p>The checkers never look inside of Raft: they see what it hands out and what its status says.
 */
@NullMarked
package io.metcd.simulator.consensus;

import org.jspecify.annotations.NullMarked;
