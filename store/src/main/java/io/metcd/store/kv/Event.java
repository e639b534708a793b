package io.metcd.store.kv;

import java.util.Optional;

/**
 * One change of one key.
 *
 * @param kv the version that the change made; for a deletion its tombstone
 * @param previous the pair before the change, where it was asked for and is still kept
 */
public record Event(Type type, KeyValue kv, Optional<KeyValue> previous) {
    public enum Type {
        PUT,
        DELETE
    }

    /** The event of a change, without the pair before it. */
    public static Event of(KeyValue kv) {
        return new Event(kv.isTombstone() ? Type.DELETE : Type.PUT, kv, Optional.empty());
    }

    public Event withPrevious(Optional<KeyValue> pair) {
        return new Event(type, kv, pair);
    }

    public long revision() {
        return kv.modRevision();
    }

    /** A put that made the key, so that there was no pair before it. */
    public boolean isCreate() {
        return type == Type.PUT && kv.version() == 1;
    }
}
