package io.metcd.store;

import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.OpResult;
import io.metcd.store.command.Op;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A transaction whose branches have been chosen, all at once and before anything is written (contract: kv.txn).
 *
 * @param succeeded whether the conditions held
 * @param ops the operations of the chosen branch
 * @param nested the choices of the transactions among them, in order
 */
record Transaction(boolean succeeded, List<Op> ops, List<Transaction> nested) {
    static Transaction choose(Op.Txn txn, Keyspace keyspace) {
        boolean succeeded = Conditions.allHold(txn.compares(), keyspace);
        List<Op> ops = succeeded ? txn.success() : txn.failure();
        List<Transaction> nested = new ArrayList<>();
        for (Op op : ops) {
            if (op instanceof Op.Txn inner) {
                nested.add(choose(inner, keyspace));
            }
        }
        return new Transaction(succeeded, ops, nested);
    }

    /** Evaluates a transaction that only reads. */
    static CommandResult read(Op.Txn txn, Keyspace keyspace) {
        Transaction chosen = choose(txn, keyspace);
        List<OpResult> responses = new ArrayList<>();
        for (Op op : chosen.ops) {
            if (!(op instanceof Op.Range range)) {
                throw new IllegalArgumentException("a transaction that only reads contains " + op);
            }
            Optional<Refusal> refusal = obstacle(range.query(), keyspace.revision(), keyspace.compactRevision());
            if (refusal.isPresent()) {
                return new CommandResult.Refused(keyspace.revision(), refusal.get());
            }
            RangeResult result = keyspace.range(range.query());
            responses.add(new CommandResult.ReadResult(keyspace.revision(), (RangeResult.Ok) result));
        }
        return new CommandResult.TxnResult(keyspace.revision(), chosen.succeeded, responses);
    }

    /** Unlike alone, here a revision below 0 is below what is kept; -1 is so once there was a compaction. */
    static Optional<Refusal> obstacle(RangeQuery query, long revision, long compactRevision) {
        if (query.revision() > revision) {
            return Optional.of(Refusal.FUTURE_REVISION);
        }
        return query.revision() != 0 && query.revision() < compactRevision
                ? Optional.of(Refusal.COMPACTED)
                : Optional.empty();
    }

    /** The first thing that forbids the chosen branches; it is looked for before anything is written. */
    Optional<Refusal> obstacle(Applier applier) {
        return obstacle(applier, new ArrayList<>());
    }

    /**
     * The same.
     *
     * @param deleted the ranges without an end that the operations before have deleted: only what lies in one of them can
     *     be put again by the same transaction
     */
    private Optional<Refusal> obstacle(Applier applier, List<KeyRange> deleted) {
        int next = 0;
        for (Op op : ops) {
            Optional<Refusal> refusal = Optional.empty();
            if (op instanceof Op.Put put) {
                boolean gone = put.needsKey() && deleted.stream().anyMatch(range -> range.contains(put.key()));
                // Alone, a put's lease is looked for first.
                refusal = gone
                        ? Optional.of(Refusal.KEY_NOT_FOUND)
                        : applier.missingKey(put).or(() -> applier.unknownLease(put));
            } else if (op instanceof Op.DeleteRange delete && delete.range().isOpenEnded()) {
                deleted.add(delete.range());
            } else if (op instanceof Op.Range range) {
                refusal = applier.obstacle(range.query());
            } else if (op instanceof Op.Txn) {
                refusal = nested.get(next++).obstacle(applier, deleted);
            }
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    /** Runs the operations in order: each sees what those before it have done. */
    CommandResult.TxnResult run(Applier applier) {
        List<OpResult> responses = new ArrayList<>(ops.size());
        int next = 0;
        for (Op op : ops) {
            if (op instanceof Op.Put put) {
                responses.add(applier.write(put));
            } else if (op instanceof Op.DeleteRange delete) {
                responses.add(applier.delete(delete));
            } else if (op instanceof Op.Range range) {
                responses.add(read(range.query(), applier));
            } else if (op instanceof Op.Txn) {
                responses.add(nested.get(next++).run(applier));
            } else {
                throw new AssertionError(op);
            }
        }
        return new CommandResult.TxnResult(applier.revisionNow(), succeeded, responses);
    }

    private static OpResult read(RangeQuery query, Applier applier) {
        RangeResult result = applier.keyspaceNow().range(query);
        if (result instanceof RangeResult.Ok ok) {
            return new CommandResult.ReadResult(applier.revisionNow(), ok);
        }
        throw new AssertionError(result + " of a read that had no obstacle: " + query);
    }
}
