/**
 * The form of what is on disk: bytes in, records out, or "it is torn here". Pure: no file, no clock.
 *
 * <p>Words owned here: record, chain, {@link io.metcd.journal.segment.Scan torn tail, damage},
 * {@link io.metcd.journal.segment.FileHead}.
 */
@NullMarked
package io.metcd.journal.segment;

import org.jspecify.annotations.NullMarked;
