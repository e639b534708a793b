package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Signs with a hash, which costs little and is the same in every run. Whoever knows the code can forge it; a search
 * cannot, since signatures are compared where it does not see how much of them is right.
 */
record Toy(Bytes publicKey) implements Signer {
    private static final Bytes SECRET = Bytes.utf8("what no input says");

    PeerId id() {
        return PeerId.of(publicKey);
    }

    @Override
    public Bytes sign(Bytes message) {
        return Bytes.wrap(signature(publicKey, message));
    }

    @Override
    public boolean verify(Bytes key, Bytes message, Bytes signature) {
        return MessageDigest.isEqual(signature(key, message), signature.toArray());
    }

    private static byte[] signature(Bytes key, Bytes message) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (Bytes part : new Bytes[] {SECRET, key, message}) {
                hash.update(part.sharedArray(), part.sharedOffset(), part.size());
            }
            return Arrays.copyOf(hash.digest(), SIGNATURE_SIZE);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
