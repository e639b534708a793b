package io.metcd.store.snapshot;

import io.metcd.base.Bytes;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import java.util.Optional;

/** Cuts a root into chunks. Not thread-safe; cheap to make, and it holds one chunk at a time. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class SnapshotWriter {
    public SnapshotWriter(Root root, Limits limits) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The chunk with the given number, from 0; empty behind the last. Asking in order is cheap. */
    public Optional<Bytes> chunk(int number) {
        throw new UnsupportedOperationException("skeleton");
    }
}
