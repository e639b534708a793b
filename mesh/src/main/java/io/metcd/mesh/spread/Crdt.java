package io.metcd.mesh.spread;

import io.metcd.base.Bytes;

/**
 * A kind of value that peers change without asking each other and still end up with alike (Shapiro, Preguiça, Baquero,
 * Zawirski: Conflict-free Replicated Data Types, 2011). Each life of each peer keeps a part; the value is all parts
 * merged.
 *
 * @param <S> immutable values with {@code equals}
 */
public interface Crdt<S> {
    /** Merged with any value, it gives that value. */
    S empty();

    /** The least value that contains both: in any order, any grouping, any number of times the same. */
    S merge(S one, S other);

    /** A part as others will read it. */
    Bytes encode(S part);

    /** The opposite; what is no part is a {@link io.metcd.base.ByteReader.Malformed}. */
    S decode(Bytes part);

    /** What a peer still has to say of its own part, once it knows the whole value: by default all. */
    default S trim(S own, S value) {
        return own;
    }
}
