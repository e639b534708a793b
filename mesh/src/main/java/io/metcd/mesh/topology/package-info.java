/**
 * Who is there, which links are confirmed by both ends, and the routes and dials that follow from it.
 *
 * <p>Words owned here: {@code Lsa} (a peer's signed record), {@code Routes}, {@code LinkQuality}, {@code Dialler}, claimant (who
 * says that an address is its own), proved (who has been met there), probation (the life asked for from a link that was
 * lost again and again). It sends nothing: it answers questions from values. Pure: no clock, thread, socket or log of its
 * own.
 */
@NullMarked
package io.metcd.mesh.topology;

import org.jspecify.annotations.NullMarked;
