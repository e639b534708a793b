package io.metcd.simulator.world;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;

/**
 * Signatures as a hash of 64 bytes keyed by the public key: fast, repeatable, and enough to catch a record that was
 * altered or attributed to another. No adversary computes in the simulator.
 */
public final class SimSigner implements Signer {
    private static final int KEY_SIZE = 32;
    private static final long MULTIPLIER = 0xD1342543DE82EF95L;

    private final Bytes publicKey;

    /** The key is determined by the identity's number. */
    public SimSigner(long identity) {
        ByteWriter writer = new ByteWriter(KEY_SIZE);
        long word = identity;
        for (int i = 0; i < KEY_SIZE / Long.BYTES; i++) {
            word = mix(word + i + 1);
            writer.u64(word);
        }
        this.publicKey = writer.toBytes();
    }

    @Override
    public Bytes publicKey() {
        return publicKey;
    }

    @Override
    public Bytes sign(Bytes message) {
        return hash(publicKey, message);
    }

    @Override
    public boolean verify(Bytes key, Bytes message, Bytes signature) {
        return isKey(key) && hash(key, message).equals(signature);
    }

    static boolean isKey(Bytes bytes) {
        return bytes.size() == KEY_SIZE;
    }

    static Bytes hash(Bytes key, Bytes message) {
        long word = 0;
        for (int i = 0; i < key.size(); i++) {
            word = (word ^ key.at(i)) * MULTIPLIER;
        }
        for (int i = 0; i < message.size(); i++) {
            word = (word ^ message.at(i)) * MULTIPLIER;
            word ^= word >>> 31;
        }
        ByteWriter writer = new ByteWriter(SIGNATURE_SIZE);
        for (int i = 0; i < SIGNATURE_SIZE / Long.BYTES; i++) {
            word = mix(word + message.size());
            writer.u64(word);
        }
        return writer.toBytes();
    }

    private static long mix(long value) {
        long z = value * MULTIPLIER;
        z = (z ^ (z >>> 32)) * MULTIPLIER;
        return z ^ (z >>> 29);
    }
}
