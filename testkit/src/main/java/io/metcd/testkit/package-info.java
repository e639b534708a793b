/**
 * What tests of several modules share: readable transcripts and seeded properties.
 *
 * <p>Words owned here: {@link io.metcd.testkit.Transcript} (a story in a text file, played against a stage) and
 * {@link io.metcd.testkit.Property} (a claim tried on many seeds, shrunk when it fails).
 *
 * <p>Never on the class path of production code; knows no protocol.
 */
@NullMarked
package io.metcd.testkit;

import org.jspecify.annotations.NullMarked;
