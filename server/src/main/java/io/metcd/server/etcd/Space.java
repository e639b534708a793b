package io.metcd.server.etcd;

import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import java.util.List;

/** Whether a write still has room. Decided where a request is admitted, so that what is applied is alike everywhere. */
final class Space {
    private static final long PUT_OVERHEAD = 256;
    private static final long LEASE_COST = 64;

    private final long quotaBytes;

    Space(long quotaBytes) {
        this.quotaBytes = quotaBytes;
    }

    /** What frees or only reads costs nothing and always passes. */
    boolean admits(Command command, Root root) {
        if (quotaBytes <= 0) {
            return true;
        }
        long cost = cost(command);
        return cost == 0 || root.dbSize() + cost < quotaBytes;
    }

    private static long cost(Command command) {
        if (command instanceof Op op) {
            return opCost(op);
        }
        return command instanceof Command.LeaseGrant ? LEASE_COST : 0;
    }

    private static long opCost(Op op) {
        if (op instanceof Op.Put put) {
            return PUT_OVERHEAD + put.key().size() + put.value().size();
        }
        return op instanceof Op.Txn txn ? Math.max(sum(txn.success()), sum(txn.failure())) : 0;
    }

    private static long sum(List<Op> ops) {
        long total = 0;
        for (Op op : ops) {
            total += opCost(op);
        }
        return total;
    }
}
