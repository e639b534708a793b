package io.metcd.simulator.history;

import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.ReadResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Op;
import java.util.List;
import java.util.Optional;

/** Compares the model's answer with the real one; inside of transactions the headers' revisions do not count. */
final class Answers {
    private Answers() {}

    static boolean same(CommandResult expected, CommandResult actual) {
        return expected.revision() == actual.revision() && sameContent(expected, actual);
    }

    /** The lease that a refused command names. */
    static Optional<Long> leaseOf(Command command) {
        if (command instanceof Op.Put put && put.lease() != 0) {
            return Optional.of(put.lease());
        }
        return command instanceof Command.LeaseRevoke revoke ? Optional.of(revoke.id()) : Optional.empty();
    }

    private static boolean sameContent(Object expected, Object actual) {
        if (expected instanceof PutResult a && actual instanceof PutResult b) {
            return a.previous().equals(b.previous());
        }
        if (expected instanceof DeleteResult a && actual instanceof DeleteResult b) {
            return a.deleted() == b.deleted() && a.previous().equals(b.previous());
        }
        if (expected instanceof ReadResult a && actual instanceof ReadResult b) {
            return a.range().equals(b.range());
        }
        if (expected instanceof TxnResult a && actual instanceof TxnResult b) {
            return a.succeeded() == b.succeeded() && same(a.responses(), b.responses());
        }
        return expected.equals(actual);
    }

    private static boolean same(List<OpResult> expected, List<OpResult> actual) {
        boolean same = expected.size() == actual.size();
        for (int i = 0; same && i < expected.size(); i++) {
            same = sameContent(expected.get(i), actual.get(i));
        }
        return same;
    }
}
