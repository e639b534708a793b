package io.metcd.server.testing;

import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** One client, which may resume its sessions, as browsers and proxies do. */
public final class TlsClient {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final SSLContext context;

    private TlsClient(SSLContext context) {
        this.context = context;
    }

    /** Trusts servers of the authority, and shows a certificate if it has one. */
    public static TlsClient of(TestAuthority trusted, Optional<Credentials> own) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.isPresent() ? own.get().keyManagers() : new KeyManager[0], trust(trusted), null);
            return new TlsClient(context);
        } catch (GeneralSecurityException | TlsFailure e) {
            throw new AssertionError(e);
        }
    }

    public static TrustManager[] trust(TestAuthority trusted) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("authority", trusted.certificate());
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    public SSLContext context() {
        return context;
    }

    /** What one connection came to. */
    public record Visit(String answer, String protocol, String suite, X509Certificate server) {
        public boolean isServed() {
            return answer.startsWith("HTTP/1.1 ");
        }
    }

    /** Asks for a page over a connection of its own. */
    public Visit visit(int port, String... protocols) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            if (protocols.length > 0) {
                socket.setEnabledProtocols(protocols);
            }
            socket.startHandshake();
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return new Visit(
                    answer,
                    socket.getSession().getProtocol(),
                    socket.getSession().getCipherSuite(),
                    (X509Certificate) socket.getSession().getPeerCertificates()[0]);
        }
    }

    /** Whether the server answers a request; it may refuse in the middle of the handshake or right behind it. */
    public boolean isServed(int port, String... protocols) {
        try {
            return visit(port, protocols).isServed();
        } catch (IOException refused) {
            return false;
        }
    }
}
