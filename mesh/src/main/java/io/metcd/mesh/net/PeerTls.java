package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.mesh.net.credentials.Trust;
import io.metcd.mesh.wire.certificate.P256;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS 1.3 between two keys, in one of two ways. Either both ends show a self-signed P-256 certificate, and whoever
 * holds the private half is who that key says; which keys belong to the mesh is the handshake's question. Or both show a
 * certificate of an authority, which says that they belong to the mesh, and not who they are.
 */
final class PeerTls {
    /** The name under which the handshake of this version is spoken between keys (RFC 7301). */
    static final String PROTOCOL = "metcd-mesh/1";

    /** Between certificates: two ends of which only one has some do not get far enough to wonder about each other's. */
    static final String PROTOCOL_OF_CERTIFICATES = "metcd-mesh-certificates/1";

    private static final String[] VERSIONS = {"TLSv1.3"};

    /** AES-GCM alone: in Java it runs in hardware, ten times as fast as ChaCha20. */
    private static final String[] CIPHER_SUITES = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"};

    private final SSLContext context;
    private final String protocol;

    private PeerTls(KeyManager[] shown, TrustManager trusted, String protocol) {
        this.protocol = protocol;
        try {
            this.context = SSLContext.getInstance("TLSv1.3");
            context.init(shown, new TrustManager[] {trusted}, null);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks TLS 1.3", e);
        }
        // Sessions are never resumed: each link shows its keys anew, and strangers leave nothing behind.
        context.getServerSessionContext().setSessionCacheSize(1);
        context.getServerSessionContext().setSessionTimeout(1);
    }

    /** Between the identities themselves. */
    static PeerTls of(PeerIdentity identity) {
        return new PeerTls(new KeyManager[] {shows(identity)}, trusts(), PROTOCOL);
    }

    /** Between certificates of an authority. */
    static PeerTls of(Credentials own, Trust trust) throws TlsFailure {
        return new PeerTls(own.keyManagers(), trust, PROTOCOL_OF_CERTIFICATES);
    }

    /** What this end shows between identities; for every carrier of links. */
    static KeyManager shows(PeerIdentity identity) {
        return new OneKey(identity);
    }

    /** What this end takes of the other between identities; for every carrier of links. */
    static TrustManager trusts() {
        return new AnySelfSignedP256();
    }

    SSLEngine dialling() {
        return engine(true);
    }

    SSLEngine accepting() {
        return engine(false);
    }

    private SSLEngine engine(boolean client) {
        SSLEngine engine = context.createSSLEngine(); // without host and port, so that no session is looked up
        engine.setUseClientMode(client);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        parameters.setCipherSuites(CIPHER_SUITES);
        parameters.setApplicationProtocols(new String[] {protocol});
        if (!client) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The key that the other end has proved to hold; throws when TLS has not come that far, or not with our protocol. */
    static Bytes remoteKey(SSLEngine engine) throws SSLPeerUnverifiedException {
        String spoken = engine.getApplicationProtocol();
        if (!PROTOCOL.equals(spoken) && !PROTOCOL_OF_CERTIFICATES.equals(spoken)) {
            throw new SSLPeerUnverifiedException("TLS without the application protocol " + PROTOCOL);
        }
        return key(engine.getSession().getPeerCertificates());
    }

    /** The key that this end has shown, which renewed files may have changed meanwhile. */
    static Bytes ownKey(SSLEngine engine) throws SSLPeerUnverifiedException {
        Certificate @Nullable [] shown = engine.getSession().getLocalCertificates();
        if (shown == null) {
            throw new SSLPeerUnverifiedException(CertificateWords.NONE_FITS);
        }
        return key(shown);
    }

    private static Bytes key(Certificate[] chain) {
        return Bytes.wrap(chain[0].getPublicKey().getEncoded());
    }

    /** Accepts exactly one certificate, of a P-256 key, signed by that key. Names and dates in it mean nothing. */
    private static final class AnySelfSignedP256 extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            check(chain);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }

        private static void check(X509Certificate[] chain) throws CertificateException {
            if (chain.length != 1) {
                throw new CertificateException("a peer shows one certificate, not " + chain.length);
            }
            try {
                chain[0].verify(
                        P256.publicKey(Bytes.wrap(chain[0].getPublicKey().getEncoded())));
            } catch (GeneralSecurityException e) {
                throw new CertificateException("not a self-signed P-256 certificate", e);
            }
        }
    }

    /** Shows the one certificate there is, whatever is asked for. */
    private static final class OneKey extends X509ExtendedKeyManager {
        private static final String ALIAS = "peer";

        private final PeerIdentity identity;

        OneKey(PeerIdentity identity) {
            this.identity = identity;
        }

        @Override
        public String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
            return ALIAS;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
            return type.equals("EC") ? ALIAS : null;
        }

        @Override
        public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
            return ALIAS;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {identity.certificate()};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return identity.privateKey();
        }
    }
}
