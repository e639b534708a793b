package io.metcd.store.watch;

import io.metcd.base.Bytes;
import io.metcd.store.kv.KeyRange;

/**
 * A watch that a client wants.
 *
 * @param key the first key; empty means the least key
 * @param end as in {@link io.metcd.store.kv.KeyRange}
 * @param startRevision the first revision wanted; 0 means what comes from now on
 * @param watchId 0 lets the stream choose
 * @param previous whether events carry the pair before them
 * @param progressNotify whether idle ticks are announced
 * @param fragment whether a large response may come in parts
 * @param noPut leave out puts
 * @param noDelete leave out deletions
 */
public record WatchRequest(
        Bytes key,
        Bytes end,
        long startRevision,
        long watchId,
        boolean previous,
        boolean progressNotify,
        boolean fragment,
        boolean noPut,
        boolean noDelete) {

    private static final Bytes LEAST_KEY = Bytes.of(0);

    /** The keys that are watched. */
    public KeyRange range() {
        return new KeyRange(key.isEmpty() ? LEAST_KEY : key, end);
    }

    /** A plain watch of a range from now on. */
    public static WatchRequest of(Bytes key, Bytes end) {
        return new WatchRequest(key, end, 0, 0, false, false, false, false, false);
    }

    public WatchRequest withStartRevision(long revision) {
        return new WatchRequest(key, end, revision, watchId, previous, progressNotify, fragment, noPut, noDelete);
    }

    public WatchRequest withWatchId(long id) {
        return new WatchRequest(key, end, startRevision, id, previous, progressNotify, fragment, noPut, noDelete);
    }

    public WatchRequest withPrevious() {
        return new WatchRequest(key, end, startRevision, watchId, true, progressNotify, fragment, noPut, noDelete);
    }

    public WatchRequest withProgressNotify() {
        return new WatchRequest(key, end, startRevision, watchId, previous, true, fragment, noPut, noDelete);
    }

    public WatchRequest withFragment() {
        return new WatchRequest(key, end, startRevision, watchId, previous, progressNotify, true, noPut, noDelete);
    }

    public WatchRequest withoutPuts() {
        return new WatchRequest(key, end, startRevision, watchId, previous, progressNotify, fragment, true, noDelete);
    }

    public WatchRequest withoutDeletes() {
        return new WatchRequest(key, end, startRevision, watchId, previous, progressNotify, fragment, noPut, true);
    }
}
