package io.metcd.server.auth;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs with one algorithm of RFC 7518 (and {@code EdDSA} of RFC 8037), and knows what it has signed. Called from any
 * thread.
 */
public abstract sealed class Seal {
    /** In the order in which they are named to people. */
    public static final List<String> ALGORITHMS = List.of(
            "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512",
            "EdDSA");

    private static final String MISSING = "auth: missing key data";

    private final String algorithm;

    /** Whether it has one secret, not a pair of keys. */
    public static boolean isOfSecret(String algorithm) {
        return algorithm.startsWith("HS");
    }

    private Seal(String algorithm) {
        this.algorithm = algorithm;
    }

    /**
     * With a secret that signs and verifies.
     *
     * @throws InvalidKeyException if there is none
     */
    public static Seal of(String algorithm, byte[] secret) throws InvalidKeyException {
        if (secret.length == 0) {
            throw new InvalidKeyException(MISSING);
        }
        return new Shared(algorithm, new SecretKeySpec(secret, "Hmac" + digest(algorithm)));
    }

    /**
     * With a pair of keys; of RSA the private one will do. Where only the public one is given nothing can be signed.
     *
     * @throws GeneralSecurityException if the keys are not for the algorithm, or not for each other; the text says so
     */
    public static Seal of(String algorithm, Optional<PrivateKey> own, Optional<PublicKey> given)
            throws GeneralSecurityException {
        if (own.isEmpty() && given.isEmpty()) {
            throw new InvalidKeyException(MISSING);
        }
        PublicKey known = given.isPresent() ? given.get() : publicOf(own.orElseThrow());
        boolean fits = switch (algorithm.charAt(0)) {
            case 'R', 'P' -> known instanceof RSAKey;
            case 'H' -> false;
            default -> algorithm.equals("EdDSA") ? known instanceof EdECKey : isOnCurve(known, algorithm);
        };
        if (!fits) {
            throw new InvalidKeyException("auth: the key (" + known.getAlgorithm() + ") is not one for " + algorithm);
        }
        Seal seal = new Pair(algorithm, own, known);
        if (own.isPresent() && !seal.isOf(new byte[1], seal.sign(new byte[1]))) {
            throw new InvalidKeyException("auth: public and private keys don't match");
        }
        return seal;
    }

    private static PublicKey publicOf(PrivateKey own) throws GeneralSecurityException {
        if (own instanceof RSAPrivateCrtKey rsa) {
            RSAPublicKeySpec numbers = new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent());
            return KeyFactory.getInstance("RSA").generatePublic(numbers);
        }
        throw new InvalidKeyException(MISSING + ": give the public key of the pair (" + own.getAlgorithm() + "), too");
    }

    private static boolean isOnCurve(PublicKey key, String algorithm) {
        int bits = Integer.parseInt(algorithm.substring(2));
        return key instanceof ECKey curve
                && curve.getParams().getCurve().getField().getFieldSize() == (bits == 512 ? 521 : bits);
    }

    /** As a token's head says it. */
    final String algorithm() {
        return algorithm;
    }

    abstract boolean signs();

    abstract byte[] sign(byte[] content) throws GeneralSecurityException;

    abstract boolean isOf(byte[] content, byte[] signature) throws GeneralSecurityException;

    /** The name of the digest without its hyphen. */
    private static String digest(String algorithm) {
        return "SHA" + algorithm.substring(2);
    }

    private static final class Shared extends Seal {
        private final SecretKeySpec secret;

        Shared(String algorithm, SecretKeySpec secret) {
            super(algorithm);
            this.secret = secret;
        }

        @Override
        boolean signs() {
            return true;
        }

        @Override
        byte[] sign(byte[] content) throws GeneralSecurityException {
            Mac mac = Mac.getInstance(secret.getAlgorithm());
            mac.init(secret);
            return mac.doFinal(content);
        }

        @Override
        boolean isOf(byte[] content, byte[] signature) throws GeneralSecurityException {
            return MessageDigest.isEqual(sign(content), signature);
        }
    }

    private static final class Pair extends Seal {
        private final Optional<PrivateKey> own;
        private final PublicKey known;

        Pair(String algorithm, Optional<PrivateKey> own, PublicKey known) {
            super(algorithm);
            this.own = own;
            this.known = known;
        }

        @Override
        boolean signs() {
            return own.isPresent();
        }

        @Override
        byte[] sign(byte[] content) throws GeneralSecurityException {
            Signature signature = signature();
            signature.initSign(own.orElseThrow());
            signature.update(content);
            return signature.sign();
        }

        @Override
        boolean isOf(byte[] content, byte[] signed) throws GeneralSecurityException {
            Signature signature = signature();
            signature.initVerify(known);
            signature.update(content);
            return signature.verify(signed);
        }

        private Signature signature() throws GeneralSecurityException {
            String digest = digest(algorithm());
            return switch (algorithm().charAt(0)) {
                case 'R' -> Signature.getInstance(digest + "withRSA");
                case 'P' -> pss(algorithm().substring(2));
                default ->
                    Signature.getInstance(algorithm().equals("EdDSA") ? "EdDSA" : digest + "withECDSAinP1363Format");
            };
        }

        private static Signature pss(String bits) throws GeneralSecurityException {
            Signature signature = Signature.getInstance("RSASSA-PSS");
            String digest = "SHA-" + bits;
            signature.setParameter(new PSSParameterSpec(
                    digest,
                    "MGF1",
                    new MGF1ParameterSpec(digest),
                    Integer.parseInt(bits) / Byte.SIZE,
                    PSSParameterSpec.TRAILER_FIELD_BC));
            return signature;
        }
    }
}
