package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import java.util.Optional;

/**
 * What a founder says of its founding in its {@link PeerFacts#foundingPromise()}.
 *
 * @param life of the peer: its incarnation, or what its data directory has kept since its first start
 * @param round within that life: it grows when a promise is given up
 * @param set the hash of the founding set promised in this round, empty while none is
 * @param established whether this member's log has a history that a later founding would lose
 * @param ballot what a founder without a slot says besides
 */
public record FoundingPromise(long life, long round, Bytes set, boolean established, Ballot ballot) {
    private static final int FORMAT = 1;
    static final FoundingPromise NONE_YET = new FoundingPromise(0, 0, Bytes.EMPTY, false, Ballot.OF_SLOTS);
    /** Read into a peer that runs a cluster and takes part in no founding. */
    static final FoundingPromise SETTLED = new FoundingPromise(0, 0, Bytes.EMPTY, true, Ballot.OF_SLOTS);

    /**
     * Of founders that are counted, not named.
     *
     * @param expects how many founders, 0 for slots
     * @param candidates the hash of the set that this peer sees as the next to promise, empty while there is none
     * @param proposal the encoded set that this peer has promised, empty while there is none
     */
    record Ballot(int expects, Bytes candidates, Bytes proposal) {
        static final Ballot OF_SLOTS = new Ballot(0, Bytes.EMPTY, Bytes.EMPTY);
    }

    boolean given() {
        return !set.isEmpty();
    }

    /** Of a member with a history, however it came by that. */
    FoundingPromise asEstablished() {
        return established ? this : new FoundingPromise(life, round, set, true, ballot);
    }

    public Bytes encode() {
        return new ByteWriter(48)
                .u8(FORMAT)
                .u64(life)
                .varint(round)
                .bytes(set)
                .bool(established)
                .varint(ballot.expects())
                .bytes(ballot.candidates())
                .bytes(ballot.proposal())
                .toBytes();
    }

    /** Empty for a peer that takes no part in foundings, or one that speaks a later format. */
    public static Optional<FoundingPromise> of(PeerFacts facts) {
        if (facts.foundingPromise().isEmpty()) {
            return Optional.empty();
        }
        try {
            ByteReader reader = new ByteReader(facts.foundingPromise());
            if (reader.u8() != FORMAT) {
                return Optional.empty();
            }
            return Optional.of(new FoundingPromise(
                    reader.u64(),
                    reader.varint(),
                    reader.bytes(),
                    reader.bool(),
                    new Ballot(reader.count(Integer.MAX_VALUE), reader.bytes(), reader.bytes())));
        } catch (ByteReader.Malformed malformed) {
            return Optional.empty();
        }
    }
}
