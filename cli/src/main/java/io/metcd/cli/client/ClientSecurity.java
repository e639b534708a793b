package io.metcd.cli.client;

import io.metcd.cli.Mistake;
import io.metcd.mesh.net.credentials.Certificates;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/** What a client shows of itself over TLS, and whom it trusts. */
public final class ClientSecurity {
    private final Optional<Credentials> own;
    private final TrustManager trust;
    private final boolean anybody;

    private ClientSecurity(Optional<Credentials> own, TrustManager trust, boolean anybody) {
        this.own = own;
        this.trust = trust;
        this.anybody = anybody;
    }

    /**
     * Reads the files.
     *
     * @param authorities who signs servers; empty for those that this Java trusts
     * @param anybody whether the server's certificate is not looked at
     */
    static ClientSecurity read(
            Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key, boolean anybody) {
        if (certificate.isPresent() != key.isPresent()) {
            throw Mistake.usage("--cert and --key go together: give both or none");
        }
        try {
            Optional<Credentials> own = certificate.isPresent()
                    ? Optional.of(Credentials.read(certificate.get(), key.orElseThrow()))
                    : Optional.empty();
            KeyStore trusted = authorities.isPresent() ? Certificates.authorities(authorities.get()) : null;
            return new ClientSecurity(own, anybody ? new Everybody() : trust(trusted), anybody);
        } catch (TlsFailure e) {
            throw new Mistake(e.text());
        }
    }

    /** For the JDK's client. */
    public SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            KeyManager[] keys = own.isPresent() ? own.get().keyManagers() : new KeyManager[0];
            context.init(keys, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a Java without TLS", e);
        } catch (TlsFailure e) {
            throw new Mistake(e.text());
        }
    }

    /** For Vert.x's client. */
    HttpClientOptions options() {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setVerifyHost(!anybody)
                .setTrustAll(anybody);
        if (!anybody) {
            options.setTrustOptions(TrustOptions.wrap(trust));
        }
        own.ifPresent(credentials -> {
            try {
                options.setKeyCertOptions(
                        KeyCertOptions.wrap((X509KeyManager) credentials.keyManagers()[0]));
            } catch (TlsFailure e) {
                throw new Mistake(e.text());
            }
        });
        return options;
    }

    private static TrustManager trust(@Nullable KeyStore trusted) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(trusted);
            return factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a Java without X.509", e);
        }
    }

    /** {@code --insecure-skip-tls-verify}: neither the certificate nor the name in it is looked at. */
    private static final class Everybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
