package io.metcd.server.testing;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.wire.certificate.Der;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** An authority that signs certificates and lists of revoked ones, with the forms of DER that the product has. */
public final class TestAuthority {
    private static final Bytes ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final Bytes BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
    private static final Bytes KEY_USAGE = Der.oid(2, 5, 29, 15);
    private static final Bytes EXTENDED_KEY_USAGE = Der.oid(2, 5, 29, 37);
    private static final Bytes ALTERNATIVE_NAME = Der.oid(2, 5, 29, 17);
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int SERVER = 1;
    private static final int CLIENT = 2;

    private final String name;
    private final KeyPair pair = pair("EC", 256);
    private final X509Certificate certificate;
    private int serial = 100;

    public TestAuthority(String name) {
        this.name = name;
        Bytes extensions = Der.sequence(
                critical(BASIC_CONSTRAINTS, Der.sequence(Der.bool(true))),
                critical(KEY_USAGE, Der.bits(Bytes.of(0x06), 1))); // keyCertSign, cRLSign
        Instant now = Instant.now();
        this.certificate = signed(name, pair, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1)), extensions);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** For a server on this machine. */
    public Credentials server() {
        return server(Instant.now().plus(Duration.ofDays(1)));
    }

    /** Until then; certificates count whole seconds. */
    public Credentials server(Instant end) {
        return issue("server", "EC", end, SERVER, List.of("localhost"));
    }

    public Credentials rsaServer() {
        return issue("server", "RSA", Instant.now().plus(Duration.ofDays(1)), SERVER, List.of("localhost"));
    }

    public Credentials client(String commonName, String... hosts) {
        return issue(commonName, "EC", Instant.now().plus(Duration.ofDays(1)), CLIENT, List.of(hosts));
    }

    public Credentials client(String commonName, Instant end) {
        return issue(commonName, "EC", end, CLIENT, List.of());
    }

    public Credentials expiredClient(String commonName) {
        return client(commonName, Instant.now().minus(Duration.ofMinutes(1)));
    }

    /** A list of revoked certificates (RFC 5280, section 5) in DER. */
    public byte[] revocations(X509Certificate... revoked) {
        Instant now = Instant.now();
        Bytes entries = Der.join(Stream.of(revoked)
                .map(one -> Der.sequence(
                        Der.integer(Bytes.wrap(one.getSerialNumber().toByteArray())), Der.time(now)))
                .toArray(Bytes[]::new));
        Bytes dates = Der.join(Der.time(now), Der.time(now.plus(Duration.ofDays(1))));
        Bytes head = Der.join(Der.integer(Bytes.of(1)), ECDSA_WITH_SHA256, name(name), dates);
        Bytes list = Der.sequence(entries.isEmpty() ? head : head.concat(Der.sequence(entries)));
        return Der.sequence(list, ECDSA_WITH_SHA256, Der.bits(sign(list), 0)).toArray();
    }

    /** Writes PEM; complete at once under its name, as tools that renew certificates do. */
    public static void write(Path file, String label, byte[]... contents) throws IOException {
        StringBuilder text = new StringBuilder();
        for (byte[] content : contents) {
            text.append("-----BEGIN ").append(label).append("-----\n");
            text.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content));
            text.append("\n-----END ").append(label).append("-----\n");
        }
        write(file, text.toString());
    }

    public static void write(Path file, String text) throws IOException {
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(partial, text);
        Files.move(partial, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** {@code NAME.pem} and {@code NAME-key.pem} in the directory. */
    public static void write(Path directory, String name, Credentials credentials) throws Exception {
        write(
                directory.resolve(name + "-key.pem"),
                "PRIVATE KEY",
                credentials.key().getEncoded());
        write(
                directory.resolve(name + ".pem"),
                "CERTIFICATE",
                credentials.chain().get(0).getEncoded());
    }

    private Credentials issue(String commonName, String algorithm, Instant end, int use, List<String> hosts) {
        KeyPair own = pair(algorithm, algorithm.equals("EC") ? 256 : 2048);
        Bytes extensions = Der.join(
                critical(KEY_USAGE, Der.bits(Bytes.of(0x80), 7)),
                extension(EXTENDED_KEY_USAGE, Der.sequence(Der.oid(1, 3, 6, 1, 5, 5, 7, 3, use))));
        if (!hosts.isEmpty() || use == SERVER) {
            extensions = extensions.concat(extension(ALTERNATIVE_NAME, names(hosts)));
        }
        Instant start = Instant.now().minus(Duration.ofDays(1));
        return new Credentials(
                own.getPrivate(), List.of(signed(commonName, own, start, end, Der.sequence(extensions))));
    }

    private static Bytes names(List<String> hosts) {
        Bytes names = Der.implicit(
                IP_ADDRESS, Bytes.wrap(InetAddress.getLoopbackAddress().getAddress()));
        for (String host : hosts) {
            names = names.concat(Der.implicit(DNS_NAME, Bytes.utf8(host)));
        }
        return Der.sequence(names);
    }

    private X509Certificate signed(String subject, KeyPair own, Instant start, Instant end, Bytes extensions) {
        Bytes toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(Bytes.of(2))),
                Der.integer(Bytes.of(serial++)),
                ECDSA_WITH_SHA256,
                name(name),
                Der.sequence(Der.time(start), Der.time(end)),
                name(subject),
                Bytes.wrap(own.getPublic().getEncoded()),
                Der.explicit(3, extensions));
        Bytes written = Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bits(sign(toBeSigned), 0));
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(written.toArray()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
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

    private static Bytes name(String commonName) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.utf8(commonName))));
    }

    private static Bytes critical(Bytes oid, Bytes value) {
        return Der.sequence(oid, Der.bool(true), Der.octets(value));
    }

    private static Bytes extension(Bytes oid, Bytes value) {
        return Der.sequence(oid, Der.octets(value));
    }

    private static KeyPair pair(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(size);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
