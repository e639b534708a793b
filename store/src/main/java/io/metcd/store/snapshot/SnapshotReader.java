package io.metcd.store.snapshot;

import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.Root;

/** Builds a root from the chunks of a {@link SnapshotWriter}, given in order. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class SnapshotReader {
    public SnapshotReader(Limits limits) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The number of the chunk wanted next. */
    public int nextChunk() {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Takes the next chunk; true if it was the last. Throws {@link io.metcd.base.ByteReader.Malformed} if it is
     * damaged, out of place or senseless; then this reader is of no more use.
     */
    public boolean accept(Bytes chunk) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The root, once {@link #accept} has said true. */
    public Root root() {
        throw new UnsupportedOperationException("skeleton");
    }
}
