package io.metcd.server.tls;

import io.metcd.mesh.net.credentials.Certificates;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.mesh.net.credentials.Trust;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the TLS engine of each new connection from what the files say at that moment: a renewed certificate, key, list of
 * authorities or of revoked certificates holds from the next handshake on. Renewed files that cannot be used, such as a
 * certificate whose key is not there yet, leave what was in force in force, with a warning.
 *
 * <p>A change begins a new context, so that no session outlives what it was granted by. For all threads.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final String[] APPLICATIONS = {"h2", "http/1.1"};

    private final TlsSettings settings;
    private final InstantSource time;
    private Loaded loaded;
    private List<Stamp> tried;
    private boolean endTold;

    private ServerTls(TlsSettings settings, InstantSource time, Loaded loaded, List<Stamp> tried) {
        this.settings = settings;
        this.time = time;
        this.loaded = loaded;
        this.tried = tried;
    }

    /** What the files held when they were last good. */
    private record Loaded(SSLContext context, @Nullable Trust clients, Instant end) {}

    /** What tells a renewed file from the one that was read. */
    private record Stamp(
            @Nullable FileTime written, long size, @Nullable Object identity) {
        private static final Stamp MISSING = new Stamp(null, -1, null);

        static Stamp of(Path file) {
            try {
                BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
            } catch (IOException unreadable) {
                return MISSING;
            }
        }
    }

    /** Reads all files; a failure names the one that is wrong. */
    public static ServerTls load(TlsSettings settings) throws TlsFailure {
        return load(settings, InstantSource.system());
    }

    /** With a clock of its own for looking at sessions that are resumed. */
    public static ServerTls load(TlsSettings settings, InstantSource time) throws TlsFailure {
        List<Stamp> stamps = stamps(settings);
        ServerTls loaded = new ServerTls(settings, time, read(settings, time), stamps);
        loaded.current();
        return loaded;
    }

    /** An engine for one connection: HTTP/2 or HTTP/1.1 by ALPN. */
    public SSLEngine engine() {
        Loaded now = current();
        SSLEngine engine = now.context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(settings.protocols().toArray(String[]::new));
        parameters.setCipherSuites(TlsNames.enabled(settings));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(APPLICATIONS);
        parameters.setNeedClientAuth(now.clients != null);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Looks at a finished handshake.
     *
     * @return the common name that says which user the client is, where certificates say that
     * @throws CertificateException if the client's certificate does not hold any more, in a session that was resumed
     */
    public Optional<String> admit(SSLSession session) throws CertificateException {
        Trust clients = current().clients;
        if (clients == null) {
            return Optional.empty();
        }
        try {
            X509Certificate[] chain = Arrays.copyOf(
                    session.getPeerCertificates(), session.getPeerCertificates().length, X509Certificate[].class);
            clients.stillHolds(chain, time.instant());
            boolean named = settings.clients().map(TlsSettings.Clients::named).orElse(false);
            return named ? Certificates.commonName(chain[0]) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            throw new CertificateException("the client showed no certificate", e);
        }
    }

    private synchronized Loaded current() {
        List<Stamp> stamps = stamps(settings);
        if (!stamps.equals(tried)) {
            tried = stamps;
            try {
                loaded = read(settings, time);
                endTold = false;
                LOG.info("certificate files were renewed and are in force from now on");
            } catch (TlsFailure e) {
                LOG.warn("renewed certificate files cannot be used, the ones before stay in force: {}", e.text());
            }
        }
        if (!endTold && time.instant().isAfter(loaded.end)) {
            endTold = true;
            LOG.warn(
                    "the server's certificate has expired at {}: new clients refuse it until its files are renewed,"
                            + " which needs no restart",
                    loaded.end);
        }
        return loaded;
    }

    private static List<Stamp> stamps(TlsSettings settings) {
        List<Path> files = new ArrayList<>();
        if (settings.identity() instanceof TlsSettings.InFiles own) {
            files.add(own.certificate());
            files.add(own.key());
        }
        settings.clients().ifPresent(clients -> files.addAll(clients.rules().files()));
        return files.stream().map(Stamp::of).toList();
    }

    private static Loaded read(TlsSettings settings, InstantSource time) throws TlsFailure {
        Credentials own = credentials(settings.identity());
        X509Certificate shown = own.chain().get(0);
        if (time.instant().isBefore(shown.getNotBefore().toInstant())) {
            LOG.warn(
                    "the server's certificate is valid from {} on: clients refuse it before",
                    shown.getNotBefore().toInstant());
        }
        Trust clients = settings.clients().isPresent()
                ? Trust.read(settings.clients().get().rules())
                : null;
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.keyManagers(), clients == null ? new TrustManager[0] : new TrustManager[] {clients}, null);
            return new Loaded(context, clients, shown.getNotAfter().toInstant());
        } catch (GeneralSecurityException e) {
            throw new TlsFailure("TLS cannot be set up: " + e.getMessage());
        }
    }

    private static Credentials credentials(TlsSettings.Identity identity) throws TlsFailure {
        if (identity instanceof TlsSettings.InFiles files) {
            return Credentials.read(files.certificate(), files.key());
        }
        return ((TlsSettings.InMemory) identity).credentials();
    }
}
