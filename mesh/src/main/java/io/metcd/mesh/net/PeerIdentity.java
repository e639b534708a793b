package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.mesh.wire.certificate.CertificateFields;
import io.metcd.mesh.wire.certificate.CertificateWriter;
import io.metcd.mesh.wire.certificate.P256;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;

/**
 * A peer's key pair on P-256, which is its identity, and the self-signed certificate that carries it through TLS. An
 * ephemeral peer makes a fresh one at each start; {@link IdentityFile} keeps a durable peer's.
 */
public final class PeerIdentity {
    private final Bytes publicKey;
    private final PrivateKey privateKey;
    private final X509Certificate certificate;

    private PeerIdentity(Bytes publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        this.publicKey = publicKey;
        this.privateKey = privateKey;
        Bytes written = CertificateWriter.selfSigned(
                CertificateFields.ofPeer(RandomSource.secret(16)), publicKey, message -> sign(privateKey, message));
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        this.certificate = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(written.toArray()));
    }

    /** A new identity, from the machine's entropy. */
    public static PeerIdentity fresh() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return new PeerIdentity(Bytes.wrap(pair.getPublic().getEncoded()), pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot make P-256 keys", e);
        }
    }

    /** Throws when the two are not the halves of one pair. */
    static PeerIdentity of(Bytes publicKey, PrivateKey privateKey) throws GeneralSecurityException {
        PeerIdentity identity = new PeerIdentity(publicKey, privateKey);
        identity.certificate.verify(P256.publicKey(publicKey));
        return identity;
    }

    /** The SubjectPublicKeyInfo, of which the peer id is a hash. */
    public Bytes publicKey() {
        return publicKey;
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    X509Certificate certificate() {
        return certificate;
    }

    private static Bytes sign(PrivateKey key, Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(message.toArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a good key failed", e);
        }
    }

    /** Never the private half. */
    @Override
    public String toString() {
        return "PeerIdentity[" + publicKey.toHex() + "]";
    }
}
