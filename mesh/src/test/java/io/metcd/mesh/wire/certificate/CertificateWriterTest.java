package io.metcd.mesh.wire.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The judge is the JDK's own parser. */
class CertificateWriterTest {
    private final KeyPair pair = pair();
    private final Bytes publicKey = Bytes.wrap(pair.getPublic().getEncoded());

    @Test
    void everyFieldIsReadBack() throws Exception {
        CertificateFields fields = new CertificateFields(
                "größe.example",
                Bytes.of(0xff, 1, 2),
                Instant.parse("2026-01-02T03:04:05Z"),
                Instant.parse("2049-12-31T23:59:59Z"),
                List.of("a.example", "*.b.example"),
                List.of(Bytes.of(10, 0, 0, 7), Bytes.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)));

        X509Certificate certificate = parse(write(fields));

        certificate.verify(pair.getPublic());
        assertThat(certificate.getVersion()).isEqualTo(3);
        assertThat(certificate.getSerialNumber()).isEqualTo(BigInteger.valueOf(0xff0102));
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=größe.example");
        assertThat(certificate.getIssuerX500Principal()).isEqualTo(certificate.getSubjectX500Principal());
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(fields.notBefore());
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(fields.notAfter());
        assertThat(Bytes.wrap(certificate.getPublicKey().getEncoded())).isEqualTo(publicKey);
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getKeyUsage()).startsWith(true, false, false, false, false, false, false, false, false);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(certificate.getSubjectAlternativeNames().stream().map(Object::toString))
                .containsExactly("[2, a.example]", "[2, *.b.example]", "[7, 10.0.0.7]", "[7, 2001:db8:0:0:0:0:0:1]");
    }

    @Test
    void aPeersCertificateIsValidWhateverTheClockSays() throws Exception {
        X509Certificate certificate = parse(write(CertificateFields.ofPeer(Bytes.of(0, 0, 5))));

        assertThat(certificate.getSerialNumber()).isEqualTo(BigInteger.valueOf(5));
        assertThat(certificate.getNotBefore().toInstant()).isEqualTo(Instant.EPOCH);
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(CertificateFields.NEVER);
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=metcd peer");
    }

    @Test
    void writingWhatWasReadGivesTheSameBytes() throws Exception {
        Bytes written = write(CertificateFields.ofPeer(Bytes.of(1)));

        assertThat(Bytes.wrap(parse(written).getEncoded())).isEqualTo(written);
    }

    @Test
    void longFormsOfLengthAreRight() throws Exception {
        for (int names = 0; names < 40; names++) {
            List<String> dnsNames = Collections.nCopies(names, "host.of.some.length.example");
            X509Certificate certificate = parse(write(new CertificateFields(
                    "c", Bytes.of(1), CertificateFields.ALWAYS, CertificateFields.NEVER, dnsNames, List.of())));
            certificate.verify(pair.getPublic());
        }
    }

    @Test
    void aKeyIsAcceptedInOneFormOnly() throws GeneralSecurityException {
        byte[] offCurve = publicKey.toArray();
        offCurve[90] ^= 1;
        byte[] otherTag = publicKey.toArray();
        otherTag[26] = 6; // the hybrid form of the same point
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp384r1"));

        assertThat(P256.isPublicKey(publicKey)).isTrue();
        assertThat(P256.publicKey(publicKey)).isEqualTo(pair.getPublic());
        assertThat(P256.isPublicKey(Bytes.wrap(offCurve))).isFalse();
        assertThat(P256.isPublicKey(Bytes.wrap(otherTag))).isFalse();
        assertThat(P256.isPublicKey(publicKey.concat(Bytes.of(0)))).isFalse();
        assertThat(P256.isPublicKey(publicKey.slice(0, 90))).isFalse();
        assertThat(P256.isPublicKey(Bytes.EMPTY)).isFalse();
        assertThat(P256.isPublicKey(
                        Bytes.wrap(generator.generateKeyPair().getPublic().getEncoded())))
                .isFalse();
    }

    private Bytes write(CertificateFields fields) {
        return CertificateWriter.selfSigned(fields, publicKey, this::sign);
    }

    private static X509Certificate parse(Bytes der) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der.toArray()));
    }

    private Bytes sign(Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(message.toArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
