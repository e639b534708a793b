package io.metcd.base;

/**
 * The signature door of one peer. The system's implementation is ECDSA P-256 in the 64-byte P1363 form; the
 * simulator's is a keyed hash of the same size.
 */
public interface Signer {
    int SIGNATURE_SIZE = 64;

    /** The encoded public key, which others hand to {@link #verify}. */
    Bytes publicKey();

    /** {@value #SIGNATURE_SIZE} bytes. */
    Bytes sign(Bytes message);

    /** False for a wrong signature and for a malformed key. */
    boolean verify(Bytes publicKey, Bytes message, Bytes signature);
}
