package io.metcd.mesh.net;

import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.wire.certificate.P256;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** ECDSA on P-256 with SHA-256, signatures in the 64-byte form r‖s. For one thread: it keeps its engines. */
public final class EcdsaSigner implements Signer {
    private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
    private static final int REMEMBERED_KEYS_MAX = 1024;

    private final PeerIdentity identity;
    private final Signature signing;
    private final Signature verifying;
    private final RememberedKeys keys = new RememberedKeys();

    public EcdsaSigner(PeerIdentity identity) {
        this.identity = identity;
        try {
            this.signing = Signature.getInstance(ALGORITHM);
            this.verifying = Signature.getInstance(ALGORITHM);
            signing.initSign(identity.privateKey());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime cannot sign with ECDSA P-256", e);
        }
    }

    @Override
    public Bytes publicKey() {
        return identity.publicKey();
    }

    @Override
    public Bytes sign(Bytes message) {
        try {
            signing.update(message.sharedArray(), message.sharedOffset(), message.size());
            return Bytes.wrap(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a good key failed", e);
        }
    }

    @Override
    public boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
        if (signature.size() != SIGNATURE_SIZE) {
            return false;
        }
        try {
            verifying.initVerify(keys.of(publicKey));
            verifying.update(message.sharedArray(), message.sharedOffset(), message.size());
            return verifying.verify(signature.sharedArray(), signature.sharedOffset(), signature.size());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Parsed keys, the least recently used one forgotten first: parsing checks the point and costs a tenth of it all. */
    private static final class RememberedKeys extends LinkedHashMap<Bytes, PublicKey> {
        private static final long serialVersionUID = 1L;

        RememberedKeys() {
            super(16, 0.75f, true);
        }

        PublicKey of(Bytes encoded) throws GeneralSecurityException {
            @Nullable PublicKey known = get(encoded);
            if (known == null) {
                known = P256.publicKey(encoded);
                put(encoded.compact(), known);
            }
            return known;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Bytes, PublicKey> eldest) {
            return size() > REMEMBERED_KEYS_MAX;
        }
    }
}
