package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.mesh.KeyAgreement;
import io.metcd.mesh.wire.certificate.P256;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** ECDH on P-256 (NIST SP 800-56A) between identity keys. */
public final class EcdhAgreement implements KeyAgreement {
    private final PeerIdentity identity;

    public EcdhAgreement(PeerIdentity identity) {
        this.identity = identity;
    }

    @Override
    public Optional<Bytes> secretWith(Bytes otherPublicKey) {
        if (!P256.isPublicKey(otherPublicKey)) {
            return Optional.empty();
        }
        try {
            var agreement = javax.crypto.KeyAgreement.getInstance("ECDH");
            agreement.init(identity.privateKey());
            agreement.doPhase(P256.publicKey(otherPublicKey), true);
            return Optional.of(Bytes.wrap(agreement.generateSecret()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("ECDH with a good key failed", e);
        }
    }
}
