package io.metcd.mesh.gossip;

import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.topology.LinkClaims;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.SignedRecord;
import java.util.List;

/** A peer of tests, known by a number, and its records. */
record RecordsOf(int number) implements Signer {
    @Override
    public Bytes publicKey() {
        return number < 1 << 16
                ? Bytes.of(number >>> 8, number, 77)
                : Bytes.of(number >>> 16, number >>> 8, number, 77);
    }

    PeerId id() {
        return PeerId.of(publicKey());
    }

    SignedRecord record(long incarnation, long sequence, String name) {
        PeerRecord record = new PeerRecord(
                id(),
                publicKey(),
                incarnation,
                sequence,
                PeerRecord.Standing.RELAY,
                PeerFacts.named(name),
                List.of(),
                LinkClaims.NONE);
        return RecordCodec.sign(record, this);
    }

    @Override
    public Bytes sign(Bytes message) {
        return signature(publicKey(), message);
    }

    @Override
    public boolean verify(Bytes publicKey, Bytes message, Bytes signature) {
        return signature(publicKey, message).equals(signature);
    }

    private static Bytes signature(Bytes key, Bytes message) {
        byte[] signature = new byte[SIGNATURE_SIZE];
        int hash = key.concat(message).hashCode();
        for (int i = 0; i < signature.length; i++) {
            signature[i] = (byte) (hash >>> (i % 4 * 8));
        }
        return Bytes.wrap(signature);
    }
}
