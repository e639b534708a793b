package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.mesh.KeyAgreement;
import java.util.Optional;

/**
 * The secret of two identities as a hash of their public keys, so that what crosses a relay is sealed and opened as it
 * is on a real network. No secret at all, but nobody computes in the simulator.
 */
public final class SimAgreement implements KeyAgreement {
    private final Bytes publicKey;

    public SimAgreement(Bytes publicKey) {
        this.publicKey = publicKey;
    }

    @Override
    public Optional<Bytes> secretWith(Bytes otherPublicKey) {
        if (!SimSigner.isKey(otherPublicKey)) {
            return Optional.empty();
        }
        boolean lower = publicKey.compareTo(otherPublicKey) < 0;
        return Optional.of(SimSigner.hash(lower ? publicKey : otherPublicKey, lower ? otherPublicKey : publicKey));
    }
}
