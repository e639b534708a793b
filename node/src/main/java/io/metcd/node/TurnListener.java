package io.metcd.node;

import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import java.util.List;

/**
 * Told of each turn that changed the state, on the replica's thread, after the turn's requests were answered. It must
 * not block.
 */
public interface TurnListener {
    /**
     * A later state. The events lead to it from the state of the last call, except after a snapshot was installed:
     * then they are empty, and what happened is in the root's history.
     */
    void turnCompleted(Root root, List<Event> events);
}
