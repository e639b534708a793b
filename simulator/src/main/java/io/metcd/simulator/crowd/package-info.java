/**
 * Hundreds of peers without replicas: the real mesh above simulated doors, measured.
 *
 * <p>Words owned here: crowd (peers that all dial the same few seeds), figure (what the crowd cost or took).
 *
 * <p>Nothing here knows how a mesh works inside: it is driven by its doors and judged by its views.
 */
@NullMarked
package io.metcd.simulator.crowd;

import org.jspecify.annotations.NullMarked;
