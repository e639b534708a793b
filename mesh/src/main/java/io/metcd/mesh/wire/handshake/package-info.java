/**
 * How two peers that already share an encrypted channel between two keys prove to each other that they belong to one
 * mesh: messages in, messages and an outcome out.
 *
 * <p>Words owned here: {@link io.metcd.mesh.wire.handshake.GroupKey}, {@link io.metcd.mesh.wire.handshake.KeyRing},
 * {@link io.metcd.mesh.wire.handshake.Handshake}, {@link io.metcd.mesh.wire.handshake.Refusal}.
 *
 * <p>Pure: nonces are handed in, deadlines are the shell's. It never says a name or a cluster to a peer that has not
 * proved that it knows the group key.
 */
@NullMarked
package io.metcd.mesh.wire.handshake;

import org.jspecify.annotations.NullMarked;
