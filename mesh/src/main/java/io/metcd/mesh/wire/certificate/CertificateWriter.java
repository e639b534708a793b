package io.metcd.mesh.wire.certificate;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.util.function.UnaryOperator;

/**
 * Writes a self-signed X.509 version 3 certificate (RFC 5280) of a P-256 key, signed with ECDSA and SHA-256.
 *
 * <p>By hand, because the JDK has no public interface that does it, a library that has one is ten megabytes, and
 * {@code keytool} is a second process; an ephemeral peer wants its certificate in a millisecond.
 */
public final class CertificateWriter {
    private static final Bytes ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final Bytes COMMON_NAME = Der.oid(2, 5, 4, 3);
    private static final Bytes KEY_USAGE = Der.oid(2, 5, 29, 15);
    private static final Bytes SUBJECT_ALTERNATIVE_NAME = Der.oid(2, 5, 29, 17);
    private static final Bytes BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
    private static final Bytes EXTENDED_KEY_USAGE = Der.oid(2, 5, 29, 37);
    private static final Bytes SERVER_AUTHENTICATION = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);
    private static final Bytes CLIENT_AUTHENTICATION = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 2);

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private CertificateWriter() {}

    /**
     * The certificate in DER.
     *
     * @param subjectPublicKeyInfo as {@link P256} accepts it
     * @param sign {@code SHA256withECDSA} under that key's private half: message in, DER signature out
     */
    public static Bytes selfSigned(CertificateFields fields, Bytes subjectPublicKeyInfo, UnaryOperator<Bytes> sign) {
        Invariants.check(P256.isPublicKey(subjectPublicKeyInfo), "a certificate needs a P-256 key");
        Bytes name = Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.utf8(fields.commonName()))));
        Bytes toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(Bytes.of(2))), // version 3 is written as 2
                Der.integer(fields.serial()),
                ECDSA_WITH_SHA256,
                name,
                Der.sequence(Der.time(fields.notBefore()), Der.time(fields.notAfter())),
                name,
                subjectPublicKeyInfo,
                Der.explicit(3, extensions(fields)));
        return Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bits(sign.apply(toBeSigned), 0));
    }

    private static Bytes extensions(CertificateFields fields) {
        Bytes extensions = Der.join(
                critical(BASIC_CONSTRAINTS, Der.sequence()), // not an authority
                critical(KEY_USAGE, Der.bits(Bytes.of(0x80), 7)), // digitalSignature alone
                extension(EXTENDED_KEY_USAGE, Der.sequence(SERVER_AUTHENTICATION, CLIENT_AUTHENTICATION)));
        Bytes names = alternativeNames(fields);
        return Der.sequence(
                names.isEmpty()
                        ? extensions
                        : extensions.concat(extension(SUBJECT_ALTERNATIVE_NAME, Der.sequence(names))));
    }

    private static Bytes alternativeNames(CertificateFields fields) {
        ByteWriter names = new ByteWriter();
        fields.dnsNames().forEach(name -> names.raw(Der.implicit(DNS_NAME, Bytes.utf8(name))));
        fields.ipAddresses().forEach(address -> names.raw(Der.implicit(IP_ADDRESS, address)));
        return names.toBytes();
    }

    private static Bytes critical(Bytes oid, Bytes value) {
        return Der.sequence(oid, Der.bool(true), Der.octets(value));
    }

    private static Bytes extension(Bytes oid, Bytes value) {
        return Der.sequence(oid, Der.octets(value));
    }
}
