package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509ExtendedTrustManager;

/** What TLS between keys makes of a certificate that a stranger shows. */
public final class ShownCertificate {
    private static final X509ExtendedTrustManager TRUST = (X509ExtendedTrustManager) PeerTls.trusts();

    private ShownCertificate() {}

    /** The certificate in DER of a peer. */
    public static Bytes of(PeerIdentity identity) {
        try {
            return Bytes.wrap(identity.certificate().getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("a peer's own certificate has no encoding", e);
        }
    }

    /** The key that it proves; throws where the stranger is sent away. */
    public static Bytes key(Bytes certificate) throws CertificateException {
        X509Certificate shown = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
        TRUST.checkClientTrusted(new X509Certificate[] {shown}, "EC");
        return Bytes.wrap(shown.getPublicKey().getEncoded());
    }
}
