package io.metcd.mesh.wire.sealing;

import io.metcd.base.Bytes;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869): one key from a secret that is not uniformly random. */
final class Hkdf {
    private static final String HMAC = "HmacSHA256";
    private static final int HASH_SIZE = 32;

    private Hkdf() {}

    /** The first 32 bytes of the output, which is one round of the expansion. */
    static Bytes derive(Bytes salt, Bytes secret, Bytes info) {
        Bytes extracted = hmac(salt.isEmpty() ? Bytes.wrap(new byte[HASH_SIZE]) : salt, secret);
        return hmac(extracted, info.concat(Bytes.of(1)));
    }

    private static Bytes hmac(Bytes key, Bytes message) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key.toArray(), HMAC));
            return Bytes.wrap(mac.doFinal(message.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HMAC-SHA-256", e);
        }
    }
}
