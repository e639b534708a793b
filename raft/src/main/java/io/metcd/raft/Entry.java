package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;

/**
 * One place in the replicated log. Two entries with the same index and term are the same entry (Raft §5.3).
 *
 * @param data the command, an encoded configuration, or nothing
 */
public record Entry(long term, long index, Kind kind, Bytes data) {
    /** What an entry takes in memory beside its data, for the bounds in bytes. */
    private static final int OVERHEAD_BYTES = 48;

    public Entry {
        Invariants.check(term > 0 && index > 0, "entry %s/%s", term, index);
        requireNonNull(kind);
        requireNonNull(data);
    }

    /** What the entry counts against every bound in bytes. */
    public int sizeBytes() {
        return sizeBytes(data);
    }

    static int sizeBytes(Bytes data) {
        return OVERHEAD_BYTES + data.size();
    }

    /** The codes are part of the packets and of the journal. */
    public enum Kind {
        /** The leader's first entry of its term (Raft §8). */
        NOOP(0),
        /** A command of the state machine. */
        COMMAND(1),
        /** A {@link io.metcd.raft.membership.Configuration}. */
        CONFIGURATION(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }
    }
}
