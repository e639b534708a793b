/**
 * The taste of the house, executable: rules over sources, byte code, build files and pages, each of which names the
 * cure.
 *
 * <p>Words owned here: {@link io.metcd.tidy.House} (what is looked at), {@link io.metcd.tidy.SourceRule} (what is
 * asked), {@link io.metcd.tidy.Violation} (what was found).
 *
 * <p>Rules never look at generated code, and a rule without a failing example in the tests is not a rule.
 */
@NullMarked
package io.metcd.tidy;

import org.jspecify.annotations.NullMarked;
