/**
 * The bytes between two neighbours: frames, the codec of each payload, fragments, and which frame leaves next.
 *
 * <p>Words owned here: {@code Frame}, {@code Fragments}, {@code LinkQueues}. Whatever does not parse is refused before anything is allocated for it. Pure: no clock, thread, socket or log of its own.
 */
@NullMarked
package io.metcd.mesh.wire;

import org.jspecify.annotations.NullMarked;
