/**
 * The form of what is on disk: bytes in, records out, or "it is torn here". Pure: no file, no clock.
 *
 * <p>Words owned here: record, {@link io.metcd.journal.segment.Scan torn tail, damage}.
 */
@NullMarked
package io.metcd.journal.segment;

import org.jspecify.annotations.NullMarked;
