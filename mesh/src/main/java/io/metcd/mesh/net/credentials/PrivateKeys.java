package io.metcd.mesh.net.credentials;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.certificate.Der;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads private keys as etcd's users have them: PKCS#8 (RFC 5958), PKCS#1 for RSA (RFC 8017), SEC 1 for curves
 * (RFC 5915). The JDK knows the first form only; the others are wrapped into it.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final Bytes RSA = Der.sequence(Der.oid(1, 2, 840, 113549, 1, 1, 1), Bytes.of(0x05, 0x00));
    private static final Bytes CURVE = Der.oid(1, 2, 840, 10045, 2, 1);

    /** Of the parameters inside a SEC 1 key. */
    private static final int PARAMETERS_TAG = 0xa0;

    private PrivateKeys() {}

    /** The first private key of the file. */
    static PrivateKey of(Path file, List<Pem.Block> blocks) throws TlsFailure {
        Bytes parameters = Bytes.EMPTY;
        for (Pem.Block block : blocks) {
            Bytes content = block.content();
            if (block.label().equals("ENCRYPTED PRIVATE KEY") || block.headers().contains("ENCRYPTED")) {
                throw new TlsFailure(
                        file + ": the key has a passphrase, which a server cannot be asked for: write it without"
                                + " one, openssl pkey -in " + file + " -out NEW");
            }
            switch (block.label()) {
                case "EC PARAMETERS" -> parameters = content;
                case "PRIVATE KEY" -> {
                    return key(file, content);
                }
                case "RSA PRIVATE KEY" -> {
                    return key(file, Der.sequence(Der.integer(Bytes.of(0)), RSA, Der.octets(content)));
                }
                case "EC PRIVATE KEY" -> {
                    Bytes curve = parameters(content);
                    Bytes algorithm = Der.sequence(CURVE, curve == null ? parameters : curve);
                    return key(file, Der.sequence(Der.integer(Bytes.of(0)), algorithm, Der.octets(content)));
                }
                default -> {}
            }
        }
        throw new TlsFailure(file + " holds no private key in PEM: it begins with -----BEGIN PRIVATE KEY-----,"
                + " RSA PRIVATE KEY or EC PRIVATE KEY");
    }

    private static PrivateKey key(Path file, Bytes pkcs8) throws TlsFailure {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8.toArray()));
            } catch (GeneralSecurityException notThisOne) {
                // The next algorithm is tried.
            }
        }
        throw new TlsFailure(
                file + ": the private key is damaged, or neither RSA nor on a curve that Java knows (P-256,"
                        + " P-384, P-521, Ed25519)");
    }

    /** The curve that the key itself names; null if it names none. */
    private static @Nullable Bytes parameters(Bytes sec1) {
        // SEQUENCE { INTEGER 1, OCTET STRING, [0] parameters OPTIONAL, [1] point OPTIONAL }
        int at = 2 + (sec1.size() > 1 && (sec1.at(1) & 0x80) != 0 ? sec1.at(1) & 0x7f : 0);
        while (at + 2 <= sec1.size()) {
            int tag = sec1.at(at) & 0xff;
            int length = sec1.at(at + 1) & 0xff;
            if (length >= 0x80 || at + 2 + length > sec1.size()) {
                return null; // the point of a large curve; parameters come before it
            }
            if (tag == PARAMETERS_TAG) {
                return sec1.slice(at + 2, at + 2 + length);
            }
            at += 2 + length;
        }
        return null;
    }
}
