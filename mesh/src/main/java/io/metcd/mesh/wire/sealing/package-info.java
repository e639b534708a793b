/**
 * Sealing end to end: what crosses a relay is closed to it. One key per direction between two peers, from the secret
 * that their identity keys share.
 *
 * <p>Words owned here: {@link io.metcd.mesh.wire.sealing.SealingKey}, {@link io.metcd.mesh.wire.sealing.ReplayWindow}.
 *
 * <p>Pure: the shared secret is handed in. It never holds an identity's private key, and never uses a counter twice.
 */
@NullMarked
package io.metcd.mesh.wire.sealing;

import org.jspecify.annotations.NullMarked;
