package io.metcd.mesh.wire.certificate;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.time.Instant;
import java.util.List;

/**
 * What a certificate says beside its key.
 *
 * @param serial 1 to 20 bytes, unsigned; random, so that no two certificates of one name collide
 * @param dnsNames subject alternative names
 * @param ipAddresses subject alternative addresses, 4 or 16 bytes each
 */
public record CertificateFields(
        String commonName,
        Bytes serial,
        Instant notBefore,
        Instant notAfter,
        List<String> dnsNames,
        List<Bytes> ipAddresses) {
    /** RFC 5280, section 4.1.2.5: the certificate has no well-defined expiration date. */
    public static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    /** Before any machine's clock, however wrong. */
    public static final Instant ALWAYS = Instant.parse("1970-01-01T00:00:00Z");

    public CertificateFields {
        Invariants.check(!commonName.isEmpty() && commonName.length() <= 64, "common name '%s'", commonName);
        Invariants.check(!serial.isEmpty() && serial.size() <= 20, "serial number of %s bytes", serial.size());
        Invariants.check(notBefore.isBefore(notAfter), "certificate valid from %s to %s", notBefore, notAfter);
        dnsNames = List.copyOf(dnsNames);
        ipAddresses = List.copyOf(ipAddresses);
        for (Bytes address : ipAddresses) {
            Invariants.check(address.size() == 4 || address.size() == 16, "address of %s bytes", address.size());
        }
    }

    /** For a mesh peer, whose key is its identity: no name, no address, valid whatever its clock says. */
    public static CertificateFields ofPeer(Bytes serial) {
        return new CertificateFields("metcd peer", serial, ALWAYS, NEVER, List.of(), List.of());
    }
}
