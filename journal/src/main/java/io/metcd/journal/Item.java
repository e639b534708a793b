package io.metcd.journal;

import io.metcd.raft.Entry;
import io.metcd.raft.HardState;

/**
 * What a record of the log says; a record is a sequence of these, and counts as a whole or not at all.
 */
public sealed interface Item {
    /** The hard state from here on. */
    record State(HardState hardState) implements Item {}

    /** An entry, in place of whatever stood at its index and behind. */
    record Appended(Entry entry) implements Item {}

    /**
     * From here on a snapshot counts.
     *
     * @param checksum of the last record of its file
     * @param continues whether the log goes on behind it; if not, all entries so far are of another history
     */
    record Marked(SnapshotMark mark, int checksum, boolean continues) implements Item {}

    /** The log goes on in the next file, which was there before this was written. */
    record Sealed() implements Item {}
}
