package io.metcd.mesh.net.credentials;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/**
 * A private key and its certificates.
 *
 * @param chain the key's own certificate first, then who signed it, as far as the file goes
 */
public record Credentials(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] PROBE = {1, 2, 3};

    public Credentials {
        chain = List.copyOf(chain);
    }

    /** Reads both files and makes sure that they belong together. */
    public static Credentials read(Path certificateFile, Path keyFile) throws TlsFailure {
        List<X509Certificate> chain = Certificates.read(certificateFile);
        PrivateKey key = PrivateKeys.of(keyFile, Pem.blocks(keyFile, Pem.read(keyFile)));
        if (!belongs(key, chain.get(0).getPublicKey())) {
            throw new TlsFailure("the private key in " + keyFile + " is not that of the first certificate in "
                    + certificateFile + ": give the pair that was made together");
        }
        return new Credentials(key, chain);
    }

    /** What a TLS context shows of them. */
    public KeyManager[] keyManagers() throws TlsFailure {
        char[] none = new char[0];
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, none);
            store.setKeyEntry("own", key, none, chain.toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
            factory.init(store, none);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFailure("the private key cannot be used: " + e.getMessage());
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey shown) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            case "RSASSA-PSS" -> "RSASSA-PSS";
            default -> key.getAlgorithm();
        };
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(PROBE);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
