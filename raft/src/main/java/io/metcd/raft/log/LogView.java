package io.metcd.raft.log;

import io.metcd.raft.Entry;

/** A log as others may look at it: for catch-up, tests and the checks of a simulation. */
public interface LogView {
    /** The index in front of {@link #firstIndex()}: the last one that was dropped, 0 for none. */
    long snapshotIndex();

    /** The first entry still here; {@code lastIndex() + 1} when none is. */
    default long firstIndex() {
        return snapshotIndex() + 1;
    }

    long lastIndex();

    long commit();

    long applied();

    /** The last index known to be on disk. */
    long durable();

    /** The term of an index from {@link #snapshotIndex()} to {@link #lastIndex()}. */
    long termAt(long index);

    /** An entry from {@link #firstIndex()} to {@link #lastIndex()}. */
    Entry entryAt(long index);
}
