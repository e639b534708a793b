package io.metcd.store.watch;

import java.util.Optional;

/**
 * The watches of one stream. Its owner takes responses while it can write:
 *
 * <pre>{@code while (canWrite && stream.isReady()) stream.poll().ifPresent(this::write);}</pre>
 *
 * after each request, after each turn or tick that names the stream, and whenever it can write again.
 */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class WatchStream {
    WatchStream() {}

    /** A number of the owner's, to find its side of the stream by. */
    public long tag() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Answered by Created or NotCreated, in the order of requests. */
    public void create(WatchRequest request) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Answered by Canceled, after which nothing comes for the id; not answered if there is no such watch. */
    public void cancel(long watchId) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Answered by a Progress of the whole stream if every watch has been told everything; else not answered. */
    public void requestProgress() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True while {@link #poll} has something to do. */
    public boolean isReady() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The next response; empty does not mean the end, that is {@link #isReady}. */
    public Optional<WatchResponse> poll() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True if so many answers wait to be taken that the owner should read no more requests for now. */
    public boolean isBacklogged() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The watches that exist on this stream. */
    public int watchCount() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Ends all watches without an answer. */
    public void close() {
        throw new UnsupportedOperationException("skeleton");
    }
}
