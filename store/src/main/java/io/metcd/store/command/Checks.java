package io.metcd.store.command;

import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import java.util.Optional;

/** What can be refused by looking at a request alone, before it is proposed or read. */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class Checks {
    private Checks() {}

    /** Any command; {@code txnOpsMax} is the budget of a transaction and of all that is nested in it. */
    public static Optional<Refusal> command(Command command, int txnOpsMax) {
        throw new UnsupportedOperationException("skeleton");
    }

    public static Optional<Refusal> range(RangeQuery query) {
        throw new UnsupportedOperationException("skeleton");
    }
}
