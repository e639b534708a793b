/**
 * TLS of the client port: files that are renewed while it runs, client certificates, and certificates of its own making.
 * How files are read is {@link io.metcd.mesh.net.credentials}.
 *
 * <p>Words owned here: {@link io.metcd.server.tls.ServerTls} (makes the engine of each new connection),
 * {@link io.metcd.server.tls.TlsSettings} (what an operator asks for), {@link io.metcd.server.tls.AutoTls} (a key and a
 * certificate that a member makes itself).
 *
 * <p>On the JDK's TLS and nothing else; it knows no sockets and no HTTP.
 */
@NullMarked
package io.metcd.server.tls;

import org.jspecify.annotations.NullMarked;
