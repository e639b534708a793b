package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Who a peer is: the first 16 bytes of the SHA-256 of its encoded public key; as text, 26 letters of base32. */
public record PeerId(Bytes id16) implements Comparable<PeerId> {
    public static final int SIZE = 16;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int TEXT_SIZE = 26;

    public PeerId {
        Invariants.check(id16.size() == SIZE, "a peer id has %s bytes, not %s", SIZE, id16.size());
    }

    /** The identity that a public key proves. */
    public static PeerId of(Bytes publicKey) {
        return new PeerId(sha256(publicKey).slice(0, SIZE).compact());
    }

    /** Reads what {@link #toString} wrote; anything else is an {@link IllegalArgumentException}. */
    public static PeerId parse(String text) {
        if (text.length() != TEXT_SIZE) {
            throw new IllegalArgumentException("a peer id has " + TEXT_SIZE + " letters, not " + text.length());
        }
        byte[] bytes = new byte[SIZE];
        int bits = 0;
        int pending = 0;
        int next = 0;
        for (int i = 0; i < TEXT_SIZE; i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                throw new IllegalArgumentException("'" + text.charAt(i) + "' is no letter of a peer id");
            }
            pending = (pending << 5) | value;
            bits += 5;
            if (bits >= 8 && next < SIZE) {
                bits -= 8;
                bytes[next++] = (byte) (pending >>> bits);
            }
        }
        PeerId id = new PeerId(Bytes.wrap(bytes));
        if (!id.toString().equals(text)) {
            throw new IllegalArgumentException("the last letter of peer id " + text + " carries stray bits");
        }
        return id;
    }

    /** The first 8 bytes: what frames and links name a peer by. */
    public long shortId() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = (value << 8) | (id16.at(i) & 0xff);
        }
        return value;
    }

    /** The first 8 letters, for people. */
    public String brief() {
        return toString().substring(0, 8);
    }

    @Override
    public int compareTo(PeerId other) {
        return id16.compareTo(other.id16);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(TEXT_SIZE);
        int bits = 0;
        int pending = 0;
        for (int i = 0; i < SIZE; i++) {
            pending = (pending << 8) | (id16.at(i) & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(ALPHABET.charAt((pending >>> bits) & 31));
            }
        }
        return text.append(ALPHABET.charAt((pending << (5 - bits)) & 31)).toString();
    }

    private static Bytes sha256(Bytes input) {
        try {
            return Bytes.wrap(MessageDigest.getInstance("SHA-256").digest(input.toArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
