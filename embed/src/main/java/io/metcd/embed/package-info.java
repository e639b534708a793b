/**
 * The front door of the library: a member of a cluster inside the application's own process.
 *
 * <p>Words owned here: {@link io.metcd.embed.Metcd} (one member, built and started), {@link io.metcd.embed.Relay} (a
 * peer that holds nothing), {@link io.metcd.embed.MeshSettings}; key-value, watch, lease, lock, election as a program
 * sees them.
 *
 * <p>This is the only package with a promise of compatibility beside the mesh's. It knows no wire format and opens no
 * client port.
 */
@NullMarked
package io.metcd.embed;

import org.jspecify.annotations.NullMarked;
