/**
 * The scenarios of docs/scenarios.md by name, simulated: whole members and relays on networks of a given shape, a story
 * that happens to them, and limits to what it may cost.
 *
 * <p>Words owned here: row (one scenario: a name, a story, figures), layout (who is there, and who can dial whom), stage
 * (a layout that runs), site (one host of it), figure (what a row measured, with or without a limit), diagnosis (what the
 * views of a member say of the fault, as an operator reads them).
 *
 * <p>A row must tell its own fault from what {@code status}, {@code peers}, {@code links} and {@code why} are made of; it
 * never looks behind them, and never at a real clock.
 */
@NullMarked
package io.metcd.simulator.lab;

import org.jspecify.annotations.NullMarked;
