/**
 * Tools for when something has happened to a member's disk: they read what is in its directory, and change nothing.
 *
 * <p>Words owned here: {@link io.metcd.cli.disk.LogLine} (what one item of a log says), check.
 *
 * <p>Nothing here prints a value or a password; and what is damaged is told, never repaired.
 */
@NullMarked
package io.metcd.cli.disk;

import org.jspecify.annotations.NullMarked;
