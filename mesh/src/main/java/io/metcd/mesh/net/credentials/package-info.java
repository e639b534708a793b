/**
 * Keys and certificates in files, in the forms that etcd's users have them, and whom to trust by them: for the port of
 * clients and for peers with certificates of an authority.
 *
 * <p>Words owned here: {@link io.metcd.mesh.net.credentials.Credentials} (a private key and its certificates),
 * {@link io.metcd.mesh.net.credentials.Trust} (whose certificates are taken),
 * {@link io.metcd.mesh.net.credentials.TlsFailure} (files that cannot be used, and the cure).
 *
 * <p>On the JDK alone; it reads files when it is told to, watches none, and knows no sockets.
 */
@NullMarked
package io.metcd.mesh.net.credentials;

import org.jspecify.annotations.NullMarked;
