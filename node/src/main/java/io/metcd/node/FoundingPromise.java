package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import java.util.Optional;

/**
 * What a founder says of its founding in its {@link PeerFacts#foundingPromise()}.
 *
 * @param round this life of the peer: it grows when a promise is given up
 * @param set the hash of the founding set promised in this round, empty while none is
 * @param established whether this member's log has a history that a later founding would lose
 */
record FoundingPromise(long round, Bytes set, boolean established) {
    private static final int FORMAT = 1;
    static final FoundingPromise NONE_YET = new FoundingPromise(0, Bytes.EMPTY, false);

    boolean given() {
        return !set.isEmpty();
    }

    Bytes encode() {
        return new ByteWriter(32)
                .u8(FORMAT)
                .varint(round)
                .bytes(set)
                .bool(established)
                .toBytes();
    }

    /** Empty for a peer that takes no part in foundings, or one that speaks a later format. */
    static Optional<FoundingPromise> of(PeerFacts facts) {
        if (facts.foundingPromise().isEmpty()) {
            return Optional.empty();
        }
        try {
            ByteReader reader = new ByteReader(facts.foundingPromise());
            if (reader.u8() != FORMAT) {
                return Optional.empty();
            }
            return Optional.of(new FoundingPromise(reader.varint(), reader.bytes(), reader.bool()));
        } catch (ByteReader.Malformed malformed) {
            return Optional.empty();
        }
    }
}
