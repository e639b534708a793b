package io.metcd.server.tls;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Credentials;
import io.metcd.mesh.net.credentials.Pem;
import io.metcd.mesh.net.credentials.TlsFailure;
import io.metcd.mesh.wire.certificate.CertificateFields;
import io.metcd.mesh.wire.certificate.CertificateWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A certificate that a member makes itself ({@code --auto-tls}). It encrypts; who does not know it beforehand cannot tell
 * the member by it. It is one file with key and certificate, so that the file can also be what clients trust.
 */
public final class AutoTls {
    /** In the member's directory. */
    public static final String FILE = "auto-tls.pem";

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final Duration RENEW_BEFORE = Duration.ofDays(7);
    private static final int SERIAL_BYTES = 16;

    private AutoTls() {}

    /** Key and certificate for these hosts, in memory alone. */
    public static Credentials fresh(List<String> hosts, Duration validity, InstantSource time) throws TlsFailure {
        SecureRandom random = new SecureRandom();
        byte[] serial = new byte[SERIAL_BYTES];
        random.nextBytes(serial);
        serial[0] |= 1;
        Instant now = time.instant();
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            CertificateFields fields = new CertificateFields(
                    "metcd",
                    Bytes.wrap(serial),
                    now.minus(CLOCKS_DIFFER),
                    now.plus(validity),
                    hosts.stream().filter(host -> !isAddress(host)).toList(),
                    addresses(hosts));
            Bytes written = CertificateWriter.selfSigned(
                    fields, Bytes.wrap(pair.getPublic().getEncoded()), message -> sign(pair.getPrivate(), message));
            return new Credentials(pair.getPrivate(), List.of((X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(written.toArray()))));
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFailure("a certificate for " + hosts + " cannot be made: " + e.getMessage());
        }
    }

    /**
     * The file in the directory, made if there is none, and made anew if it is for other hosts or about to expire.
     *
     * @return the file, with the key and the certificate
     */
    public static Path kept(Path directory, List<String> hosts, Duration validity, InstantSource time)
            throws TlsFailure {
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            X509Certificate present = Credentials.read(file, file).chain().get(0);
            if (time.instant().plus(RENEW_BEFORE).isBefore(present.getNotAfter().toInstant())
                    && hostsOf(present).equals(new TreeSet<>(hosts))) {
                return file;
            }
        }
        Credentials made = fresh(hosts, validity, time);
        try {
            store(file, text(made));
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsFailure(
                    "cannot keep " + file + " (" + e.getMessage() + "): check the directory's permissions");
        }
        return file;
    }

    private static String text(Credentials made) throws GeneralSecurityException {
        return Pem.write("PRIVATE KEY", made.key().getEncoded())
                + Pem.write("CERTIFICATE", made.chain().get(0).getEncoded());
    }

    /** Complete under its name or not there at all; the owner's alone. */
    private static void store(Path file, String text) throws IOException {
        Path directory = file.toAbsolutePath().resolveSibling("");
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        Path partial = posix
                ? Files.createTempFile(
                        directory,
                        ".auto-tls",
                        ".new",
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                : Files.createTempFile(directory, ".auto-tls", ".new");
        try {
            try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static Set<String> hostsOf(X509Certificate certificate) throws TlsFailure {
        Set<String> hosts = new TreeSet<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                names.forEach(name -> hosts.add(String.valueOf(name.get(1))));
            }
        } catch (GeneralSecurityException e) {
            throw new TlsFailure(
                    FILE + ": the certificate's names cannot be read: remove the file to have it made anew");
        }
        return hosts;
    }

    private static boolean isAddress(String host) {
        return ADDRESS.matcher(host).matches();
    }

    /** Literals only: no name is ever looked up. */
    private static List<Bytes> addresses(List<String> hosts) throws IOException {
        List<Bytes> addresses = new ArrayList<>();
        for (String host : hosts) {
            if (isAddress(host)) {
                addresses.add(Bytes.wrap(InetAddress.getByName(host).getAddress()));
            }
        }
        return addresses;
    }

    private static Bytes sign(PrivateKey key, Bytes message) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(message.toArray());
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was just made does not sign", e);
        }
    }
}
