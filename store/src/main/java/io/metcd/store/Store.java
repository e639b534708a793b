package io.metcd.store;

import io.metcd.base.Bytes;

/**
 * The state machine. It has one writer, which drives it so:
 *
 * <ol>
 *   <li>For each committed entry in order: {@link #apply} for a command, {@link #skip} for any other kind.
 *   <li>At the end of the turn take {@link #root()} and publish it; it holds everything applied so far. Taking it once
 *       per turn rather than per entry saves copies.
 *   <li>When idle and the root is not {@linkplain Root#isScrubbed() scrubbed}: {@link #scrub}.
 * </ol>
 *
 * <p>Not thread-safe; the roots are.
 */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class Store {
    /** A new, empty store at revision 1. */
    public Store(Limits limits) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** A store that goes on from a root, as read from a snapshot. */
    public static Store at(Root root, Limits limits) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Applies an entry made by {@code Envelope.encode}. Indexes follow each other without a gap. */
    public Applied apply(long index, long term, Bytes entry) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Passes over an entry that is none of the store's, so that the applied index stays the log's. */
    public void skip(long index, long term) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Frees memory of up to so many compacted revisions; true if there is more to do. Changes no answer. */
    public boolean scrub(int revisions) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The state now; immutable. */
    public Root root() {
        throw new UnsupportedOperationException("skeleton");
    }
}
