package io.metcd.mesh.topology;

import io.metcd.base.Bytes;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import java.util.List;

/**
 * What one peer says about itself: the unit that gossip carries and routes are computed from.
 *
 * @param incarnation which life of the peer speaks
 * @param sequence counts the records of one incarnation
 * @param standing whether the peer relays, or leaves
 * @param addresses where it may be dialled; none for a peer that only dials
 */
public record PeerRecord(
        PeerId id,
        Bytes publicKey,
        long incarnation,
        long sequence,
        Standing standing,
        PeerFacts facts,
        List<String> addresses,
        LinkClaims links) {
    /** How a peer takes part. */
    public enum Standing {
        /** Sends and receives, and carries frames of others. */
        RELAY(0),
        /** Sends and receives only. */
        LEAF(1),
        /** Has said farewell: counts as unreachable at once. */
        LEAVING(2);

        private static final Standing[] ALL = values();

        private final int code;

        Standing(int code) {
            this.code = code;
        }

        /** What records carry. */
        public int code() {
            return code;
        }

        /** How many there are. */
        public static int count() {
            return ALL.length;
        }

        /** The one with this code. */
        public static Standing at(int code) {
            return ALL[code];
        }
    }

    public PeerRecord {
        addresses = List.copyOf(addresses);
    }

    public boolean relays() {
        return standing == Standing.RELAY;
    }

    /** Orders records of one peer: later lives first by incarnation, then by sequence. */
    public int compareAge(PeerRecord other) {
        int byIncarnation = Long.compare(incarnation, other.incarnation);
        return byIncarnation != 0 ? byIncarnation : Long.compare(sequence, other.sequence);
    }
}
