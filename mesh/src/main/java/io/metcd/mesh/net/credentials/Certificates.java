package io.metcd.mesh.net.credentials;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Reads certificates, authorities and lists of revoked certificates, and what they say. */
public final class Certificates {
    private Certificates() {}

    /** All certificates of a PEM file, the first one first; at least one. */
    static List<X509Certificate> read(Path file) throws TlsFailure {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Pem.Block block : Pem.blocks(file, Pem.read(file))) {
                if (block.label().equals("CERTIFICATE")) {
                    certificates.add((X509Certificate) factory()
                            .generateCertificate(
                                    new ByteArrayInputStream(block.content().toArray())));
                }
            }
        } catch (CertificateException e) {
            throw new TlsFailure(file + ": a certificate is damaged: " + e.getMessage());
        }
        if (certificates.isEmpty()) {
            throw new TlsFailure(file + " holds no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    /** The authorities of a PEM file as the JDK wants them. */
    public static KeyStore authorities(Path file) throws TlsFailure {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            int number = 0;
            for (X509Certificate certificate : read(file)) {
                store.setCertificateEntry("authority-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new TlsFailure(file + ": the authorities cannot be used: " + e.getMessage());
        }
    }

    /** Serial numbers on the lists of a file in PEM or DER; as with etcd, whose list it is does not matter. */
    static Set<BigInteger> revoked(Path file) throws TlsFailure {
        byte[] content = Pem.read(file);
        List<byte[]> lists = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(file, content)) {
            if (block.label().equals("X509 CRL")) {
                lists.add(block.content().toArray());
            }
        }
        if (lists.isEmpty()) {
            lists.add(content);
        }
        Set<BigInteger> serials = new HashSet<>();
        try {
            for (byte[] list : lists) {
                CRL read = factory().generateCRL(new ByteArrayInputStream(list));
                Set<? extends X509CRLEntry> entries = ((X509CRL) read).getRevokedCertificates();
                if (entries != null) {
                    entries.forEach(entry -> serials.add(entry.getSerialNumber()));
                }
            }
        } catch (GeneralSecurityException e) {
            throw new TlsFailure(file + " is no list of revoked certificates in PEM (X509 CRL) or DER");
        }
        return serials;
    }

    /** The last common name of the subject, as Go's programs take it; empty if there is none or it is empty. */
    public static Optional<String> commonName(X509Certificate certificate) {
        Optional<String> found = Optional.empty();
        try {
            for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String name) {
                    found = Optional.of(name);
                }
            }
        } catch (InvalidNameException unreadable) {
            return Optional.empty();
        }
        return found.filter(name -> !name.isEmpty());
    }

    private static CertificateFactory factory() throws CertificateException {
        return CertificateFactory.getInstance("X.509");
    }
}
