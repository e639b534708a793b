package io.metcd.store.command;

import java.util.List;

/** What a command may take of the quota, in bytes (contract: quota.1); what frees or only reads costs nothing. */
public final class SpaceCost {
    private static final long PUT_OVERHEAD = 256;
    private static final long LEASE = 64;

    private SpaceCost() {}

    public static long of(Command command) {
        if (command instanceof Op op) {
            return of(op);
        }
        return command instanceof Command.LeaseGrant ? LEASE : 0;
    }

    private static long of(Op op) {
        if (op instanceof Op.Put put) {
            return PUT_OVERHEAD + put.key().size() + put.value().size();
        }
        return op instanceof Op.Txn txn ? Math.max(sum(txn.success()), sum(txn.failure())) : 0;
    }

    private static long sum(List<Op> ops) {
        long total = 0;
        for (Op op : ops) {
            total += of(op);
        }
        return total;
    }
}
