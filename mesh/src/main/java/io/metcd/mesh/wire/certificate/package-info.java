/**
 * X.509 certificates in DER, written and never read: just enough for a self-signed P-256 certificate; and the forms of
 * DER themselves, in which the client port wraps keys.
 *
 * <p>Words owned here: {@link io.metcd.mesh.wire.certificate.CertificateFields},
 * {@link io.metcd.mesh.wire.certificate.CertificateWriter}, {@link io.metcd.mesh.wire.certificate.Der}, {@link io.metcd.mesh.wire.certificate.P256}.
 *
 * <p>Pure: time, randomness and the signature are handed in. It never holds a private key.
 */
@NullMarked
package io.metcd.mesh.wire.certificate;

import org.jspecify.annotations.NullMarked;
