package io.metcd.store.command;

import io.metcd.base.Bytes;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What can be refused by looking at a request alone, before it is proposed or read. What depends on the state is
 * decided when the command is applied, on every member alike.
 */
public final class Checks {
    private Checks() {}

    /** Any command; {@code txnOpsMax} is the budget of a transaction and of all that is nested in it. */
    public static Optional<Refusal> command(Command command, int txnOpsMax) {
        if (command instanceof Op.Put put) {
            return put(put);
        }
        if (command instanceof Op.DeleteRange delete) {
            return key(delete.range().key());
        }
        if (command instanceof Op.Txn txn) {
            return txn(txn, txnOpsMax);
        }
        return Optional.empty();
    }

    public static Optional<Refusal> range(RangeQuery query) {
        if (query.range().key().isEmpty()) {
            return Optional.of(Refusal.KEY_MISSING);
        }
        boolean known =
                query.sort().order() != RangeQuery.Order.UNKNOWN && query.sort().target() != RangeQuery.Target.UNKNOWN;
        return known ? Optional.empty() : Optional.of(Refusal.INVALID_SORT_OPTION);
    }

    private static Optional<Refusal> put(Op.Put put) {
        if (put.key().isEmpty()) {
            return Optional.of(Refusal.KEY_MISSING);
        }
        if (put.ignoreValue() && !put.value().isEmpty()) {
            return Optional.of(Refusal.VALUE_PROVIDED);
        }
        if (put.ignoreLease() && put.lease() != 0) {
            return Optional.of(Refusal.LEASE_PROVIDED);
        }
        return Optional.empty();
    }

    private static Optional<Refusal> key(Bytes key) {
        return key.isEmpty() ? Optional.of(Refusal.KEY_MISSING) : Optional.empty();
    }

    private static Optional<Refusal> txn(Op.Txn txn, int txnOpsMax) {
        Optional<Refusal> refusal = operations(txn, txnOpsMax, 1);
        if (refusal.isPresent()) {
            return refusal;
        }
        boolean distinct = new Footprint().addBranch(txn.success()) && new Footprint().addBranch(txn.failure());
        return distinct ? Optional.empty() : Optional.of(Refusal.DUPLICATE_KEY);
    }

    /** The operations one by one, in the order in which their refusals take precedence. */
    private static Optional<Refusal> operations(Op.Txn txn, int budget, int depth) {
        int widest = Math.max(
                txn.compares().size(),
                Math.max(txn.success().size(), txn.failure().size()));
        if (widest > budget || depth > CommandCodec.NESTING_MAX) {
            return Optional.of(Refusal.TOO_MANY_OPERATIONS);
        }
        for (Compare compare : txn.compares()) {
            if (compare.range().key().isEmpty()) {
                return Optional.of(Refusal.KEY_MISSING);
            }
        }
        Optional<Refusal> refusal = branch(txn.success(), budget - widest, depth);
        return refusal.isPresent() ? refusal : branch(txn.failure(), budget - widest, depth);
    }

    private static Optional<Refusal> branch(List<Op> ops, int budget, int depth) {
        for (Op op : ops) {
            Optional<Refusal> refusal = operation(op, budget, depth);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private static Optional<Refusal> operation(Op op, int budget, int depth) {
        if (op instanceof Op.Put put) {
            return put(put);
        }
        if (op instanceof Op.DeleteRange delete) {
            return key(delete.range().key());
        }
        if (op instanceof Op.Range range) {
            return range(range.query());
        }
        if (op instanceof Op.Txn nested) {
            return operations(nested, budget, depth + 1);
        }
        if (op instanceof Op.Unset) {
            return Optional.of(Refusal.KEY_NOT_FOUND);
        }
        throw new AssertionError(op);
    }

    /**
     * What a branch may write, to find keys written twice. Nested branches count as one level with their own
     * deletions first, then their puts; the two sides of a nested transaction exclude each other, so they may share
     * keys. As in etcd, a nested deletion forbids the puts of later siblings, not of earlier ones.
     */
    private static final class Footprint {
        private final TreeSet<Bytes> puts = new TreeSet<>();
        private final KeyIntervals deletes = new KeyIntervals();

        /** False if the branch would write a key twice. */
        boolean addBranch(List<Op> ops) {
            for (Op op : ops) {
                if (op instanceof Op.DeleteRange delete) {
                    deletes.add(delete.range());
                }
            }
            for (Op op : ops) {
                if (op instanceof Op.Txn nested && !addNested(nested)) {
                    return false;
                }
            }
            for (Op op : ops) {
                if (op instanceof Op.Put put && !addPut(put.key())) {
                    return false;
                }
            }
            return true;
        }

        private boolean addNested(Op.Txn txn) {
            Footprint success = new Footprint();
            Footprint failure = new Footprint();
            if (!success.addBranch(txn.success()) || !failure.addBranch(txn.failure())) {
                return false;
            }
            for (Bytes key : success.puts) {
                if (!addPut(key)) {
                    return false;
                }
            }
            for (Bytes key : failure.puts) {
                if (!success.puts.contains(key) && !addPut(key)) {
                    return false;
                }
            }
            deletes.addAll(success.deletes);
            deletes.addAll(failure.deletes);
            return true;
        }

        private boolean addPut(Bytes key) {
            return !deletes.contains(key) && puts.add(key);
        }
    }
}
