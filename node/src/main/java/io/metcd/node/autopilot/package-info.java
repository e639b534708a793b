/**
 * Which members should vote, as the leader decides it by itself: values in, values out.
 *
 * <p>Words: a <em>seat</em> is a member as the leader sees it now; a <em>standby</em> is a learner that has the log and
 * waits to be needed; a member is <em>gone</em> while the leader has no way to it or has not heard of it, and counts as
 * lost when that has lasted for long enough.
 *
 * <p>Must never: look at a clock or at the mesh, or change anything by itself. What it advises goes through the log like
 * an operator's change of membership, one at a time, and consensus refuses what it would not take from an operator.
 */
@NullMarked
package io.metcd.node.autopilot;

import org.jspecify.annotations.NullMarked;
