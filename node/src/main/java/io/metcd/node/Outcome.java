package io.metcd.node;

import io.metcd.store.command.CommandResult;

/** What became of a command; exactly one outcome comes for each. */
public sealed interface Outcome {
    /**
     * Committed, and applied by this member; the result may be a refusal of the store.
     *
     * @param term in which it was committed
     */
    record Done(CommandResult result, long term) implements Outcome {}

    /** No result; {@link Failure} says what may be assumed. */
    record Failed(Failure failure) implements Outcome {}
}
