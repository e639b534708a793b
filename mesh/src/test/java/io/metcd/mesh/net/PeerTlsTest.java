package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.wire.certificate.CertificateFields;
import io.metcd.mesh.wire.certificate.CertificateWriter;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS engines back to back, without sockets. */
class PeerTlsTest {
    private final PeerIdentity a = PeerIdentity.fresh();
    private final PeerIdentity b = PeerIdentity.fresh();

    @Test
    void eachEndLearnsTheOthersKeyOverTls13AndAesGcm() throws SSLException {
        SSLEngine dialling = PeerTls.of(a).dialling();
        SSLEngine accepting = PeerTls.of(b).accepting();

        handshake(dialling, accepting);

        assertThat(PeerTls.remoteKey(dialling)).isEqualTo(b.publicKey());
        assertThat(PeerTls.remoteKey(accepting)).isEqualTo(a.publicKey());
        assertThat(accepting.getSession().getProtocol()).isEqualTo("TLSv1.3");
        assertThat(accepting.getSession().getCipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    @Test
    void aDiallerWithoutACertificateIsRefused() throws Exception {
        SSLEngine dialling = foreign(new String[] {"TLSv1.3"});

        assertThatThrownBy(() -> handshake(dialling, PeerTls.of(b).accepting())).isInstanceOf(SSLException.class);
    }

    @Test
    void olderTlsIsRefused() throws Exception {
        SSLEngine dialling = foreign(new String[] {"TLSv1.2"});

        assertThatThrownBy(() -> handshake(dialling, PeerTls.of(b).accepting()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("protocol");
    }

    /** A certificate that carries the victim's key, which its maker cannot sign with. */
    @Test
    void aCertificateOfAnothersKeyIsRefused() throws Exception {
        PeerIdentity victim = PeerIdentity.fresh();
        Bytes written = CertificateWriter.selfSigned(
                CertificateFields.ofPeer(Bytes.of(1)), victim.publicKey(), message -> sign(a.privateKey(), message));
        X509Certificate stolen = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(written.toArray()));

        assertThatThrownBy(() ->
                        handshake(showing(a.privateKey(), stolen), PeerTls.of(b).accepting()))
                .isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(
                        showing(a.privateKey(), victim.certificate()),
                        PeerTls.of(b).accepting()))
                .isInstanceOf(SSLException.class);
    }

    @Test
    void moreThanOneCertificateIsRefusedWhereThereIsNoAuthority() {
        assertThatThrownBy(() -> handshake(
                        showing(a.privateKey(), a.certificate(), b.certificate()),
                        PeerTls.of(b).accepting()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("one certificate, not 2");
    }

    @Test
    void withoutAnAuthorityNoOtherKindOfKeyIsTaken(@TempDir Path directory) throws Exception {
        PeerAuthority authority = new PeerAuthority("authority", directory);
        authority.issue("rsa", PeerAuthority.Wish.normal().rsa());
        Credentials rsa = Credentials.read(authority.file("rsa"), authority.key("rsa"));

        assertThatThrownBy(() -> handshake(
                        showing(rsa.key(), rsa.chain().get(0)), PeerTls.of(b).accepting()))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("not a self-signed P-256 certificate");
    }

    @Test
    void anotherApplicationProtocolIsRefused() {
        SSLEngine dialling = PeerTls.of(a).dialling();
        SSLParameters parameters = dialling.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        dialling.setSSLParameters(parameters);

        assertThatThrownBy(() -> handshake(dialling, PeerTls.of(b).accepting())).isInstanceOf(SSLException.class);
    }

    @Test
    void noApplicationProtocolAtAllIsRefused() throws SSLException {
        SSLEngine dialling = PeerTls.of(a).dialling();
        SSLParameters parameters = dialling.getSSLParameters();
        parameters.setApplicationProtocols(new String[0]);
        dialling.setSSLParameters(parameters);
        SSLEngine accepting = PeerTls.of(b).accepting();

        handshake(dialling, accepting);

        assertThatThrownBy(() -> PeerTls.remoteKey(accepting)).isInstanceOf(SSLException.class);
    }

    /** A client that trusts everybody and shows no certificate. */
    private static SSLEngine foreign(String[] protocols) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustEverybody()}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(protocols);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PeerTls.PROTOCOL});
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A client that trusts everybody and shows what it is given. */
    private static SSLEngine showing(PrivateKey key, X509Certificate... chain) throws Exception {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
                new Credentials(key, List.of(chain)).keyManagers(), new TrustManager[] {new TrustEverybody()}, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PeerTls.PROTOCOL});
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static Bytes sign(PrivateKey key, Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(message.toArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static final class TrustEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    /** Passes records to and fro until one byte of data has gone each way, so that late alerts are seen too. */
    private static void handshake(SSLEngine client, SSLEngine server) throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
        ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
        client.beginHandshake();
        server.beginHandshake();
        for (int round = 0; round < 20; round++) {
            step(client, toServer, toClient);
            step(server, toClient, toServer);
        }
        assertThat(client.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(server.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);
        assertThat(Bytes.wrap(server.getSession().getId())).isNotNull();
    }

    private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        in.flip();
        ByteBuffer plain = ByteBuffer.allocate(1 << 16);
        boolean moving = true;
        while (moving) {
            moving = false;
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                moving = engine.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
            }
            if (in.hasRemaining()) {
                moving |= engine.unwrap(in, plain).bytesConsumed() > 0;
            }
        }
        in.compact();
    }
}
