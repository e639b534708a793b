package io.metcd.mesh;

import io.metcd.mesh.spread.Life;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A value that all peers change, each by itself, and that becomes the same on all of them. What peers said that are
 * gone by now is in it, too. For what must be agreed upon before it counts, a mesh is not enough.
 *
 * @param <S> as its {@link io.metcd.mesh.spread.Crdt} says
 */
public interface SharedState<S> {
    /** As this peer knows it. */
    S value();

    /** The name under which this run of this peer changes the value. */
    Life life();

    /**
     * Merges a change into this peer's part, for instance {@code update(value -> value.plus(life, 1))}. Others learn it
     * at once, or {@link Profile.SpreadPace#stateGapNanos} after the last. TOO_LARGE, and nothing changes, when the
     * part would have more than {@link Profile.Spread#itemBytes}.
     *
     * @param change from the value to what changes in it, or to the changed value
     */
    SendOutcome update(UnaryOperator<S> change);

    /** Adds a listener for changes, by whomever; it runs on the mesh's thread and must not block. */
    void onChange(Consumer<S> listener);
}
