package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.mesh.net.credentials.Pem;
import io.metcd.mesh.net.credentials.Trust;
import io.metcd.mesh.wire.certificate.Der;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An authority that signs certificates for peers, and writes all files into one directory. */
final class PeerAuthority {
    static final int SERVER = 1;
    static final int CLIENT = 2;

    private static final Bytes ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final Duration DAY = Duration.ofDays(1);

    private final String name;
    private final Path directory;
    private final KeyPair pair = pair("EC", 256);
    private int serial = 100;

    /** What is unusual about a certificate. */
    record Wish(String algorithm, Instant end, String host, List<Integer> uses) {
        static Wish normal() {
            return new Wish("EC", Instant.now().plus(DAY), "peer.example", List.of(SERVER, CLIENT));
        }

        Wish rsa() {
            return new Wish("RSA", end, host, uses);
        }

        Wish expired() {
            return new Wish(algorithm, Instant.now().minusSeconds(60), host, uses);
        }

        Wish uses(Integer... newUses) {
            return new Wish(algorithm, end, host, List.of(newUses));
        }
    }

    PeerAuthority(String name, Path directory) {
        this.name = name;
        this.directory = directory;
        Bytes extensions = Der.sequence(
                critical(Der.oid(2, 5, 29, 19), Der.sequence(Der.bool(true))),
                critical(Der.oid(2, 5, 29, 15), Der.bits(Bytes.of(0x06), 1))); // may sign certificates and lists
        Bytes own = signed(name, pair, Instant.now().plus(DAY), extensions);
        write(file(name), Pem.write("CERTIFICATE", own.toArray()));
    }

    /** A new key and certificate of this common name, in the files of that name. */
    BigInteger issue(String commonName, Wish wish) {
        KeyPair own = pair(wish.algorithm(), wish.algorithm().equals("EC") ? 256 : 2048);
        Bytes uses = Der.sequence(wish.uses().stream()
                .map(use -> Der.oid(1, 3, 6, 1, 5, 5, 7, 3, use))
                .toArray(Bytes[]::new));
        Bytes extensions = Der.sequence(
                critical(Der.oid(2, 5, 29, 15), Der.bits(Bytes.of(0x80), 7)),
                extension(Der.oid(2, 5, 29, 37), uses),
                extension(Der.oid(2, 5, 29, 17), Der.sequence(Der.implicit(2, Bytes.utf8(wish.host())))));
        Bytes certificate = signed(commonName, own, wish.end(), extensions);
        write(key(commonName), Pem.write("PRIVATE KEY", own.getPrivate().getEncoded()));
        write(file(commonName), Pem.write("CERTIFICATE", certificate.toArray()));
        return read(certificate).getSerialNumber();
    }

    /** A list of revoked certificates (RFC 5280, section 5). */
    Path revoke(BigInteger... serials) {
        Instant now = Instant.now();
        Bytes entries = Der.join(Stream.of(serials)
                .map(one -> Der.sequence(Der.integer(Bytes.wrap(one.toByteArray())), Der.time(now)))
                .toArray(Bytes[]::new));
        Bytes dates = Der.join(Der.time(now), Der.time(now.plus(DAY)));
        Bytes head = Der.join(Der.integer(Bytes.of(1)), ECDSA_WITH_SHA256, name(name), dates);
        Bytes list = Der.sequence(entries.isEmpty() ? head : head.concat(Der.sequence(entries)));
        Bytes signed = Der.sequence(list, ECDSA_WITH_SHA256, Der.bits(sign(list), 0));
        Path file = directory.resolve(name + "-revoked.pem");
        write(file, Pem.write("X509 CRL", signed.toArray()));
        return file;
    }

    Path file(String commonName) {
        return directory.resolve(commonName + ".pem");
    }

    Path key(String commonName) {
        return directory.resolve(commonName + "-key.pem");
    }

    /** What a peer needs that shows the certificate of this name and trusts this authority. */
    PeerCertificates of(String commonName) {
        return new PeerCertificates(file(commonName), key(commonName), trust());
    }

    Trust.Rules trust() {
        return new Trust.Rules(file(name), Optional.empty(), List.of(), List.of());
    }

    private Bytes signed(String subject, KeyPair own, Instant end, Bytes extensions) {
        Bytes toBeSigned = Der.sequence(
                Der.explicit(0, Der.integer(Bytes.of(2))),
                Der.integer(Bytes.of(serial++)),
                ECDSA_WITH_SHA256,
                name(name),
                Der.sequence(Der.time(Instant.now().minus(DAY)), Der.time(end)),
                name(subject),
                Bytes.wrap(own.getPublic().getEncoded()),
                Der.explicit(3, extensions));
        return Der.sequence(toBeSigned, ECDSA_WITH_SHA256, Der.bits(sign(toBeSigned), 0));
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

    private static X509Certificate read(Bytes certificate) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Path file, String text) {
        Path partial = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.writeString(partial, text);
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
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
