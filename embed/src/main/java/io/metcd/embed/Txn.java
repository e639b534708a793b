package io.metcd.embed;

import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * All or nothing: if the conditions hold, one list of steps, else another, in one revision.
 *
 * <pre>{@code
 * kv.txn().when(Condition.missing("k")).then(Step.put("k", "mine")).otherwise(Step.get("k")).commit();
 * }</pre>
 *
 * Built by one thread, committed once.
 */
public final class Txn {
    private final Kv kv;
    private final List<Compare> compares = new ArrayList<>();
    private final List<Op> success = new ArrayList<>();
    private final List<Op> failure = new ArrayList<>();

    Txn(Kv kv) {
        this.kv = kv;
    }

    /** Adds conditions; without any, the first branch is taken. */
    public Txn when(Condition... conditions) {
        for (Condition condition : conditions) {
            compares.add(condition.compare());
        }
        return this;
    }

    /** Adds steps for the case that every condition holds. */
    public Txn then(Step... steps) {
        for (Step step : steps) {
            success.add(step.op());
        }
        return this;
    }

    /** Adds steps for the case that a condition does not hold. */
    public Txn otherwise(Step... steps) {
        for (Step step : steps) {
            failure.add(step.op());
        }
        return this;
    }

    /** Runs it, and waits for its result. */
    public TxnResult commit() {
        return Calls.join(commitAsync());
    }

    /** Runs it. The future is completed by the member's own thread: what depends on it must not block. */
    public CompletableFuture<TxnResult> commitAsync() {
        return kv.commit(new Op.Txn(compares, success, failure));
    }
}
