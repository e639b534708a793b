package io.metcd.mesh;

import io.metcd.mesh.spread.Crdt;

/** One peer's door to all peers at once: what everybody is told, and what all share. */
public interface Everyone {
    /** The topic of this name, the same object each time; a name has 1 to 256 bytes. */
    Broadcast broadcast(String topic);

    /** The state of this name, the same object each time; a name has 1 to 256 bytes, and one type. */
    <S> SharedState<S> state(String name, Crdt<S> type);
}
