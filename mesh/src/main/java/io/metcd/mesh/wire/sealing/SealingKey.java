package io.metcd.mesh.wire.sealing;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.mesh.PeerId;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The AES-256-GCM key of one direction, from one life of a peer to another peer. A sealed text is
 * {@code counter | ciphertext | tag}. Not thread-safe: it keeps its engine.
 */
public final class SealingKey {
    /** What sealing adds to a text. */
    public static final int OVERHEAD = 8 + 16;

    private static final String LABEL = "metcd mesh sealing 1";
    private static final int TAG_BITS = 128;

    private final SecretKeySpec key;
    private final Cipher cipher;
    private long counter;

    /**
     * Whose texts the key seals.
     *
     * @param incarnation of the source: a new life begins its counter anew, under a new key
     */
    public record Direction(String cluster, PeerId source, long incarnation, PeerId destination) {}

    private SealingKey(Bytes key, long counter) {
        this.counter = counter;
        this.key = new SecretKeySpec(key.toArray(), "AES");
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime lacks AES-GCM", e);
        }
    }

    /** The same at both ends. */
    public static SealingKey derive(Bytes sharedSecret, Direction direction) {
        return derive(sharedSecret, direction, 0);
    }

    /** A key that may have been used before, up to a counter. */
    public static SealingKey derive(Bytes sharedSecret, Direction direction, long usedCounter) {
        Bytes info = new ByteWriter(128)
                .utf8(LABEL)
                .utf8(direction.cluster())
                .raw(direction.source().id16())
                .u64(direction.incarnation())
                .raw(direction.destination().id16())
                .toBytes();
        return new SealingKey(Hkdf.derive(Bytes.EMPTY, sharedSecret, info), usedCounter);
    }

    /** The last counter used. */
    public long counter() {
        return counter;
    }

    /**
     * Seals under the next counter.
     *
     * @param associated authenticated and not sent
     */
    public Bytes seal(Bytes associated, Bytes text) {
        counter++;
        Invariants.check(counter > 0, "2^63 texts under one key");
        byte[] sealed = new byte[text.size() + OVERHEAD];
        new ByteWriter(8).u64(counter).toBytes().copyTo(sealed, 0);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, nonce(counter));
            cipher.updateAAD(associated.sharedArray(), associated.sharedOffset(), associated.size());
            cipher.doFinal(text.sharedArray(), text.sharedOffset(), text.size(), sealed, 8);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing with a good key failed", e);
        }
        return Bytes.wrap(sealed);
    }

    /** The text; empty when it was not sealed with this key over these associated bytes. */
    public Optional<Bytes> open(Bytes associated, Bytes sealed) {
        if (sealed.size() < OVERHEAD) {
            return Optional.empty();
        }
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, nonce(counterOf(sealed)));
            cipher.updateAAD(associated.sharedArray(), associated.sharedOffset(), associated.size());
            return Optional.of(
                    Bytes.wrap(cipher.doFinal(sealed.sharedArray(), sealed.sharedOffset() + 8, sealed.size() - 8)));
        } catch (AEADBadTagException forged) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime's AES-GCM failed", e);
        }
    }

    /** The counter that a sealed text of at least {@link #OVERHEAD} bytes was sealed under; true only if it opens. */
    public static long counterOf(Bytes sealed) {
        return new ByteReader(sealed).u64();
    }

    private static GCMParameterSpec nonce(long counter) {
        return new GCMParameterSpec(
                TAG_BITS, new ByteWriter(12).u32(0).u64(counter).toBytes().toArray());
    }
}
