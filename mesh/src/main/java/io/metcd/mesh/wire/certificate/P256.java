package io.metcd.mesh.wire.certificate;

import io.metcd.base.Bytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

/**
 * Public keys on the curve P-256 (FIPS 186-4, D.1.2.3) in their one accepted form: the 91-byte SubjectPublicKeyInfo
 * with the named curve and the uncompressed point (RFC 5480, section 2). A second encoding of one key would give it a
 * second peer id.
 */
public final class P256 {
    public static final int SPKI_SIZE = 91;

    private static final Bytes SPKI_PREFIX = hex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private static final BigInteger P =
            new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
    private static final BigInteger B =
            new BigInteger("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", 16);
    private static final BigInteger THREE = BigInteger.valueOf(3);

    private P256() {}

    /** True for the one accepted encoding of a point that lies on the curve. */
    public static boolean isPublicKey(Bytes spki) {
        if (spki.size() != SPKI_SIZE || !spki.startsWith(SPKI_PREFIX)) {
            return false;
        }
        BigInteger x = coordinate(spki, SPKI_PREFIX.size());
        BigInteger y = coordinate(spki, SPKI_PREFIX.size() + 32);
        if (x.compareTo(P) >= 0 || y.compareTo(P) >= 0) {
            return false;
        }
        // y² = x³ - 3x + b
        BigInteger right = x.multiply(x).subtract(THREE).multiply(x).add(B);
        return y.multiply(y).subtract(right).mod(P).signum() == 0;
    }

    /** Throws for what {@link #isPublicKey} denies. */
    public static PublicKey publicKey(Bytes spki) throws GeneralSecurityException {
        if (!isPublicKey(spki)) {
            throw new GeneralSecurityException("not a P-256 public key");
        }
        return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki.toArray()));
    }

    private static BigInteger coordinate(Bytes spki, int from) {
        return new BigInteger(1, spki.slice(from, from + 32).toArray());
    }

    private static Bytes hex(String text) {
        return Bytes.wrap(HexFormat.of().parseHex(text));
    }
}
