package io.metcd.embed;

import io.metcd.store.kv.Event;
import java.util.Optional;

/**
 * One change of one key.
 *
 * @param pair after the change; of a deletion its key and revision only
 * @param previous the pair before it, if the watch asked for it and it is still kept
 */
public record WatchEvent(Kind kind, Pair pair, Optional<Pair> previous) {
    /** What happened. */
    public enum Kind {
        PUT,
        DELETE
    }

    static WatchEvent of(Event event) {
        Kind kind = event.type() == Event.Type.PUT ? Kind.PUT : Kind.DELETE;
        return new WatchEvent(kind, Pair.of(event.kv()), event.previous().map(Pair::of));
    }

    public String key() {
        return pair.keyText();
    }

    public long revision() {
        return pair.modRevision();
    }

    @Override
    public String toString() {
        return kind == Kind.PUT ? "put " + pair : "delete " + pair.key() + " (revision " + revision() + ")";
    }
}
