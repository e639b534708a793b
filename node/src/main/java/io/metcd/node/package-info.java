/**
 * One replica: the only room that knows mesh, raft, journal and store. It persists, sends, applies and answers.
 *
 * <p>Words owned here: turn, mailbox, proposal (with its identity of member, incarnation and sequence), founding
 * (slot, promise, round, founding set, split), lease deadline, lease checkpoint (what
 * was left of a lease, in the log), standby (a learner that waits to be needed), checkpoint (an index as of which every
 * member keeps its state for a while), source (who gives a state away, in pieces), pilot (the autopilot's eyes and hands), {@link io.metcd.node.Archive archive}.
 *
 * <p>This room starts no thread and reads no ambient clock: its owner calls {@link io.metcd.node.Replica#turn()} when
 * woken, in production from a thread, in the simulator from its event queue. It never decides by gossip what only a
 * quorum may decide: mesh facts are hints for liveness.
 */
@NullMarked
package io.metcd.node;

import org.jspecify.annotations.NullMarked;
