/**
 * The bytes between two neighbours: frames, the codec of each payload, fragments, which frame leaves next, and how many
 * bytes each link may hold.
 *
 * <p>Words owned here: {@code Frame}, {@code Lane}, {@code Reassembly}, {@code LinkQueues}, {@code ByteBudget} and its shares,
 * {@code RelayRoom}. Whatever does not parse is refused before anything is allocated for it; types of frames, records
 * and datagrams that only later versions know are passed over. Pure: no clock, thread, socket or log of its own.
 */
@NullMarked
package io.metcd.mesh.wire;

import org.jspecify.annotations.NullMarked;
