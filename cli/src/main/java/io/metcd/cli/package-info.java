/**
 * The command {@code metcd}: one class per verb, and the one place that prints and exits.
 *
 * <p>Words owned here: {@link io.metcd.cli.Console} (where a command reads and writes), {@link io.metcd.cli.Mistake}
 * (what an operator can put right).
 *
 * <p>A command decides nothing about keys or consensus, and an operator's mistake is never answered with a stack trace.
 */
@NullMarked
package io.metcd.cli;

import org.jspecify.annotations.NullMarked;
