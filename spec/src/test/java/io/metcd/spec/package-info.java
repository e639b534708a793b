/**
 * The specification of consensus in {@code src/main/tla}, checked by TLC: that it holds within its bounds, that faults
 * planted in it are found, and that what the core does in simulation is what it says.
 *
 * <p>Words owned here: model (bounds and properties), verdict (what TLC found), trace (what became visible in a run).
 */
@NullMarked
package io.metcd.spec;

import org.jspecify.annotations.NullMarked;
