/**
 * The front door of the library: a member of a cluster inside the application's own process.
 *
 * <p>Words owned here: {@link io.metcd.embed.Metcd} (one member, built and started), key-value, watch, lease, lock,
 * election as a program sees them.
 *
 * <p>This is the only package with a promise of compatibility beside the mesh's. It knows no wire format and opens no
 * client port.
 */
@NullMarked
package io.metcd.embed;

import org.jspecify.annotations.NullMarked;
