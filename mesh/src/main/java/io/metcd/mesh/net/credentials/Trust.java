package io.metcd.mesh.net.credentials;

import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whose certificates are taken: signed by an authority for the use that is made of them, valid now, not revoked, and of
 * an allowed name if there is a list.
 */
public final class Trust extends X509ExtendedTrustManager {
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final X509ExtendedTrustManager signed;
    private final Set<BigInteger> revoked;
    private final Rules rules;

    private Trust(X509ExtendedTrustManager signed, Set<BigInteger> revoked, Rules rules) {
        this.signed = signed;
        this.revoked = revoked;
        this.rules = rules;
    }

    /**
     * What is asked of a certificate.
     *
     * @param authorities file of those who may sign it
     * @param revoked file with a list of those that are not accepted any more
     * @param hosts if there are any, it must be for one of them
     * @param commonNames if there are any, its subject must have one of them
     */
    public record Rules(Path authorities, Optional<Path> revoked, List<String> hosts, List<String> commonNames) {
        public Rules {
            hosts = List.copyOf(hosts);
            commonNames = List.copyOf(commonNames);
        }

        /** All files that it follows from. */
        public List<Path> files() {
            return Stream.concat(Stream.of(authorities), revoked.stream()).toList();
        }
    }

    /** Reads the files. */
    public static Trust read(Rules rules) throws TlsFailure {
        Set<BigInteger> revoked = rules.revoked().isPresent()
                ? Certificates.revoked(rules.revoked().get())
                : Set.of();
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(Certificates.authorities(rules.authorities()));
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return new Trust(found, revoked, rules);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsFailure(rules.authorities() + ": the authorities cannot be used: " + e.getMessage());
        }
        throw new IllegalStateException("a Java without X.509");
    }

    /** What may change while a session is resumed, in which nobody signs anew: time, and the list of the revoked. */
    public void stillHolds(X509Certificate[] chain, Instant now) throws CertificateException {
        for (X509Certificate certificate : chain) {
            certificate.checkValidity(Date.from(now));
        }
        admit(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        signed.checkClientTrusted(chain, authType, engine);
        admit(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        signed.checkClientTrusted(chain, authType);
        admit(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        signed.checkClientTrusted(chain, authType, socket);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        signed.checkServerTrusted(chain, authType, engine);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        signed.checkServerTrusted(chain, authType);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        signed.checkServerTrusted(chain, authType, socket);
        admit(chain);
    }

    /** The other end is told which authorities it may show a certificate of. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return signed.getAcceptedIssuers();
    }

    private void admit(X509Certificate[] chain) throws CertificateException {
        for (X509Certificate certificate : chain) {
            if (revoked.contains(certificate.getSerialNumber())) {
                throw new CertificateException("the certificate with serial number "
                        + certificate.getSerialNumber().toString(16) + " is revoked");
            }
        }
        List<String> hosts = rules.hosts();
        if (!hosts.isEmpty() && hosts.stream().noneMatch(host -> isFor(chain[0], host))) {
            throw new CertificateException("the certificate of " + chain[0].getSubjectX500Principal()
                    + " is for none of the allowed hosts " + hosts);
        }
        List<String> names = rules.commonNames();
        if (!names.isEmpty()
                && Certificates.commonName(chain[0]).filter(names::contains).isEmpty()) {
            throw new CertificateException("the certificate of " + chain[0].getSubjectX500Principal()
                    + " has none of the allowed common names " + names);
        }
    }

    private static boolean isFor(X509Certificate certificate, String host) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException unreadable) {
            return false;
        }
        return names != null
                && names.stream()
                        .anyMatch(name -> name.get(0) instanceof Integer kind
                                && name.get(1) instanceof String text
                                && (kind == DNS_NAME ? matches(text, host) : kind == IP_ADDRESS && text.equals(host)));
    }

    /** A leading {@code *} stands for one label (RFC 6125, section 6.4.3). */
    private static boolean matches(String pattern, String host) {
        String name = pattern.toLowerCase(Locale.ROOT);
        String asked = host.toLowerCase(Locale.ROOT);
        int dot = asked.indexOf('.');
        return name.equals(asked)
                || (name.startsWith("*.") && dot > 0 && name.substring(1).equals(asked.substring(dot)));
    }
}
