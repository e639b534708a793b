package io.metcd.store.watch;

import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import java.util.List;

/** All watches of one event loop. Not thread-safe: its loop calls it. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class WatchHub {
    public WatchHub(Root root, Limits limits) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** A new stream; the tag is the owner's. */
    public WatchStream open(long tag) {
        throw new UnsupportedOperationException("skeleton");
    }

    /**
     * Takes a later root and the events that lead to it (all of them, in order: of one turn or of several). If they do
     * not join on, as after a snapshot, watches find their events in the root's history. Returns the streams that now
     * have something to say.
     */
    public List<WatchStream> onTurn(Root root, List<Event> events) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The progress interval has passed. Returns the streams that now have something to say. */
    public List<WatchStream> onProgressTick() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** All watches that exist. */
    public int watchCount() {
        throw new UnsupportedOperationException("skeleton");
    }
}
