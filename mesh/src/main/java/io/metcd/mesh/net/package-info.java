/**
 * The mesh's shell: one Netty event loop, links over TCP with TLS 1.3 and over QUIC, key files, and all
 * that tells of peers before one is met: names, files, the last life.
 *
 * <p>Words owned here: {@link io.metcd.mesh.net.PeerIdentity}, {@link io.metcd.mesh.net.Security},
 * {@link io.metcd.mesh.net.TlsLinks}, {@link io.metcd.mesh.net.QuicLinks}, {@link
 * io.metcd.mesh.net.Transports}, {@link io.metcd.mesh.net.Strangers}, {@link io.metcd.mesh.net.MeshLoop}, {@link io.metcd.mesh.net.Source} (of
 * addresses), {@link io.metcd.mesh.net.Discovery}.
 *
 * <p>It decides nothing about peers or routes, no Netty type leaves it, and it never blocks the loop.
 */
@NullMarked
package io.metcd.mesh.net;

import org.jspecify.annotations.NullMarked;
