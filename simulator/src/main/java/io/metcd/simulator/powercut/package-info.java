/**
 * Power cuts under a journal, at every moment at which something is about to become durable.
 *
 * <p>Words owned here: image (what the disk would hold after a cut), script, ledger of what may be found.
 *
 * <p>Knows the journal alone; whole members are the room {@code cluster}.
 */
@NullMarked
package io.metcd.simulator.powercut;

import org.jspecify.annotations.NullMarked;
