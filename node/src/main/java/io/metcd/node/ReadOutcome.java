package io.metcd.node;

import io.metcd.store.Root;

/** The answer to a linearizable read. */
public sealed interface ReadOutcome {
    /** A state that holds everything that was acknowledged, by any member, before the read was asked for. */
    record At(Root root) implements ReadOutcome {}

    /** Nothing was read. */
    record Failed(Failure failure) implements ReadOutcome {}
}
