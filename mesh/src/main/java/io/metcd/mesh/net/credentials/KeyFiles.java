package io.metcd.mesh.net.credentials;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;

/** Keys alone, in files of PEM, for those who sign something else than handshakes. */
public final class KeyFiles {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private KeyFiles() {}

    /** The first private key of a file, in any form that etcd's users have. */
    public static PrivateKey privateKey(Path file) throws TlsFailure {
        return PrivateKeys.of(file, Pem.blocks(file, Pem.read(file)));
    }

    /** The first public key of a file, or that of its first certificate. */
    public static PublicKey publicKey(Path file) throws TlsFailure {
        for (Pem.Block block : Pem.blocks(file, Pem.read(file))) {
            if (block.label().equals("CERTIFICATE")) {
                return Certificates.read(file).get(0).getPublicKey();
            }
            if (block.label().equals("PUBLIC KEY")) {
                return key(file, block.content().toArray());
            }
        }
        throw new TlsFailure(
                file + " holds no public key in PEM: it begins with -----BEGIN PUBLIC KEY-----; make one by"
                        + " openssl pkey -in PRIVATE -pubout");
    }

    /** What the file holds, as it is. */
    public static byte[] secret(Path file) throws TlsFailure {
        return Pem.read(file);
    }

    private static PublicKey key(Path file, byte[] framed) throws TlsFailure {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(framed));
            } catch (GeneralSecurityException notThisOne) {
                // The next algorithm is tried.
            }
        }
        throw new TlsFailure(file + ": the public key is damaged, or neither RSA nor on a curve that Java knows");
    }
}
