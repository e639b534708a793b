package io.metcd.simulator.history;

import io.metcd.base.Invariants;
import io.metcd.simulator.history.Operation.Fate;
import io.metcd.simulator.history.Operation.Request;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.Refused;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * All operations of a run. The order of real time is checked as answers come: whatever begins after an answer was
 * given stands behind it, so its revision is no lower, and higher if it changes something.
 */
public final class History {
    private final List<Operation> operations = new ArrayList<>();
    private long acknowledged = 1;
    private long answers;

    public Operation begin(String client, Request request, long now) {
        Operation operation = new Operation(client, request, now, acknowledged);
        operations.add(operation);
        return operation;
    }

    /** A write was answered. */
    public void answered(Operation operation, CommandResult result, long now) {
        boolean told = result instanceof Refused refused
                && (refused.refusal() == Refusal.DUPLICATE_PROPOSAL || refused.refusal() == Refusal.STALE_PROPOSAL);
        if (told) {
            operation.failed(Fate.UNKNOWN);
            return;
        }
        operation.answered(result, now);
        witness(operation);
    }

    /** A read was answered from a state of the given revision. */
    public void answered(Operation operation, RangeResult result, long revision, long now) {
        operation.answered(result, revision, now);
        witness(operation);
    }

    /** No answer will come. */
    public void unknown(Operation operation) {
        operation.failed(Fate.UNKNOWN);
    }

    /** It was refused before it was tried. */
    public void withoutEffect(Operation operation) {
        operation.failed(Fate.WITHOUT_EFFECT);
    }

    public List<Operation> operations() {
        return Collections.unmodifiableList(operations);
    }

    /** How many operations were answered. */
    public long answers() {
        return answers;
    }

    /** The highest revision that anyone was told of. */
    public long acknowledged() {
        return acknowledged;
    }

    private void witness(Operation operation) {
        answers++;
        if (operation.request() instanceof Request.LocalRead) {
            return;
        }
        long least = operation.floor() + (changes(operation) ? 1 : 0);
        Invariants.check(
                operation.revision() >= least,
                "linearizability: %s, but revision %s had been answered before it began",
                operation,
                operation.floor());
        acknowledged = Math.max(acknowledged, operation.revision());
    }

    /** Whether the answer says that the keyspace was changed. (A revoked lease may have changed it, too.) */
    static boolean changes(Operation operation) {
        return operation.result().isPresent() && changes(operation.result().get());
    }

    private static boolean changes(Object result) {
        if (result instanceof PutResult) {
            return true;
        }
        if (result instanceof DeleteResult delete) {
            return delete.deleted() > 0;
        }
        if (result instanceof TxnResult txn) {
            for (OpResult response : txn.responses()) {
                if (changes(response)) {
                    return true;
                }
            }
        }
        return false;
    }
}
