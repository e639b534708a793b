package io.metcd.mesh;

import io.metcd.base.Bytes;
import java.util.Optional;

/**
 * The door to this peer's private key for sealing: a secret that it shares with the owner of another key and with nobody
 * else. The system's implementation is ECDH on P-256; the simulator's is a hash.
 */
public interface KeyAgreement {
    /** The same at both ends; empty when the other key is none. */
    Optional<Bytes> secretWith(Bytes otherPublicKey);
}
