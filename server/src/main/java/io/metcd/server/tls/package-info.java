/**
 * TLS of the client port: keys and certificates in the forms that etcd's users have them, client certificates, lists of
 * revoked ones, and files that are renewed while it runs.
 *
 * <p>Words owned here: {@link io.metcd.server.tls.ServerTls} (makes the engine of each new connection),
 * {@link io.metcd.server.tls.TlsSettings} (what an operator asks for), {@link io.metcd.server.tls.Credentials} (a private
 * key and its certificates), {@link io.metcd.server.tls.AutoTls} (those that a member makes itself).
 *
 * <p>On the JDK's TLS and nothing else; it knows no sockets and no HTTP.
 */
@NullMarked
package io.metcd.server.tls;

import org.jspecify.annotations.NullMarked;
