package io.metcd.embed;

import java.util.List;
import java.util.Optional;

/** What one step of a transaction did. */
public sealed interface StepResult {
    /** A put; {@code previous} is the pair before it. */
    record Put(Optional<Pair> previous) implements StepResult {}

    /** A deletion of so many keys, with the pairs before it. */
    record Deleted(long count, List<Pair> previous) implements StepResult {}

    /** A read. */
    record Got(Page page) implements StepResult {}
}
