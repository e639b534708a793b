/**
 * How every peer comes to hold every other peer's newest record: flooding of news, digests and repair.
 *
 * <p>Words owned here: {@code LinkStateDatabase}, {@code Digest}, unverified (come, and not yet known to be its owner's). It
 * neither routes nor measures, and no order of arrival changes what it ends with. A signature is what costs: they are
 * verified a few in a turn. Pure: no clock, thread, socket or log of its own.
 */
@NullMarked
package io.metcd.mesh.gossip;

import org.jspecify.annotations.NullMarked;
