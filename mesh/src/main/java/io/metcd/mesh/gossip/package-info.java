/**
 * How every peer comes to hold every other peer's newest record: flooding of news, digests and repair.
 *
 * <p>Words owned here: {@code LinkStateDatabase}, {@code Digest}. It neither routes nor measures, and no order of arrival changes what it ends with. Pure: no clock, thread, socket or log of its own.
 */
@NullMarked
package io.metcd.mesh.gossip;

import org.jspecify.annotations.NullMarked;
