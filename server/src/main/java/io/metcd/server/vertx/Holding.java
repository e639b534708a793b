package io.metcd.server.vertx;

import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Status;

/** What one call has of the budget for open calls. Of its event loop alone. */
final class Holding {
    /** What a client is told whose call does not fit in (contract: wire.port.8). */
    static final Status NO_ROOM = new Status(
            Code.RESOURCE_EXHAUSTED, "open calls take too much memory: have fewer at once, or read their answers");

    private final ByteBudget budget;
    private long bytes;

    Holding(ByteBudget budget) {
        this.budget = budget;
    }

    /** Takes so many more, or none. */
    boolean grow(long more) {
        if (!budget.take(more)) {
            return false;
        }
        bytes += more;
        return true;
    }

    /** Gives back all but so many. */
    void shrinkTo(long kept) {
        if (bytes > kept) {
            budget.giveBack(bytes - kept);
            bytes = kept;
        }
    }
}
