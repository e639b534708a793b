package io.metcd.mesh.wire.handshake;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that all peers of one mesh share: 32 random bytes. Its text form is
 * {@code metcd-key-1-<64 hex digits>-<8 hex digits>}; the last part is a checksum, so that a typo is found where it was
 * made and not as a wrong password at the other end.
 *
 * <p>A passphrase can be made into a key too, but whoever dials a stranger gives the stranger something to test guesses
 * against (so does every protocol that proves a shared secret without a password-authenticated key exchange), hence
 * {@link Passphrases}.
 */
public final class GroupKey {
    public static final int SIZE = 32;

    /** OWASP's figure of 2023 for PBKDF2-HMAC-SHA256. */
    static final int PASSPHRASE_ROUNDS = 600_000;

    private static final String TEXT_PREFIX = "metcd-key-1-";
    private static final int CHECKSUM_SIZE = 4;
    private static final String GENERATE = "make a key with './metcd password gen' and give it to every member";
    private static final GroupKey NONE = new GroupKey(sha256(Bytes.utf8("metcd mesh without a password")));

    private final Bytes secret;

    private GroupKey(Bytes secret) {
        Invariants.check(secret.size() == SIZE, "a group key has %s bytes, not %s", SIZE, secret.size());
        this.secret = secret;
    }

    /** Whether a text that is not a generated key may serve as one. */
    public enum Passphrases {
        REFUSED,
        ALLOWED
    }

    /** A key of bytes that must be random, e.g. {@code RandomSource.secret(GroupKey.SIZE)}. */
    public static GroupKey of(Bytes random) {
        return new GroupKey(random.compact());
    }

    /** The key that everybody knows: it proves nothing, but lets the handshake be one and the same. */
    public static GroupKey none() {
        return NONE;
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /**
     * Reads the text form, or derives a key from a passphrase where that is allowed.
     *
     * @param cluster salts a passphrase, so that one guess tests one cluster only
     * @throws IllegalArgumentException in words that say the fix
     */
    public static GroupKey parse(String text, String cluster, Passphrases passphrases) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            throw new IllegalArgumentException("the password is empty: " + GENERATE);
        }
        String lower = trimmed.toLowerCase(Locale.ROOT);
        if (lower.startsWith(TEXT_PREFIX)) {
            return parseGenerated(lower);
        }
        if (passphrases == Passphrases.REFUSED) {
            throw new IllegalArgumentException("weak password: a passphrase can be guessed by whoever gets this member"
                    + " to dial it: " + GENERATE + ", or accept the risk with --allow-weak-password");
        }
        return ofPassphrase(trimmed, cluster);
    }

    /** What {@link #parse} reads back. Secret. */
    public String text() {
        return TEXT_PREFIX + secret.toHex() + "-" + checksum(secret).toHex();
    }

    /** HMAC-SHA-256 of a transcript. */
    Bytes prove(Bytes transcript) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.toArray(), "HmacSHA256"));
            return Bytes.wrap(mac.doFinal(transcript.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks HMAC-SHA-256", e);
        }
    }

    /** Compares in constant time. */
    boolean isProvedBy(Bytes proof, Bytes transcript) {
        return MessageDigest.isEqual(prove(transcript).toArray(), proof.toArray());
    }

    static Bytes sha256(Bytes message) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(message.toArray()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks SHA-256", e);
        }
    }

    private static GroupKey parseGenerated(String text) {
        String digits = text.substring(TEXT_PREFIX.length());
        if (digits.length() != 2 * SIZE + 1 + 2 * CHECKSUM_SIZE || digits.charAt(2 * SIZE) != '-') {
            throw new IllegalArgumentException("the password is cut or mixed with other text: it is one line of "
                    + (TEXT_PREFIX.length() + 2 * SIZE + 1 + 2 * CHECKSUM_SIZE) + " characters; copy it again");
        }
        try {
            HexFormat hex = HexFormat.of();
            Bytes secret = Bytes.wrap(hex.parseHex(digits, 0, 2 * SIZE));
            Bytes sum = Bytes.wrap(hex.parseHex(digits, 2 * SIZE + 1, digits.length()));
            if (sum.equals(checksum(secret))) {
                return new GroupKey(secret);
            }
        } catch (IllegalArgumentException e) {
            // Not a hexadecimal digit: the same mistake as a wrong one. The exception would show a piece of the secret.
        }
        throw new IllegalArgumentException("the password has a typo (its checksum does not match): copy it again");
    }

    private static GroupKey ofPassphrase(String passphrase, String cluster) {
        PBEKeySpec spec = new PBEKeySpec(
                passphrase.toCharArray(), Bytes.utf8("metcd mesh " + cluster).toArray(), PASSPHRASE_ROUNDS, SIZE * 8);
        try {
            SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
            return new GroupKey(Bytes.wrap(factory.generateSecret(spec).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks PBKDF2-HMAC-SHA256", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static Bytes checksum(Bytes secret) {
        Bytes labelled = new ByteWriter().utf8("metcd group key").raw(secret).toBytes();
        return sha256(labelled).slice(0, CHECKSUM_SIZE);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GroupKey key && MessageDigest.isEqual(secret.toArray(), key.secret.toArray());
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return isNone() ? "GroupKey[none]" : "GroupKey[secret]";
    }
}
