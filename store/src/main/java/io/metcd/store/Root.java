package io.metcd.store;

import io.metcd.base.Bytes;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.lease.LeaseState;
import java.util.List;
import java.util.Optional;

/**
 * The whole state of a store after some entry: immutable, so any thread may read it for as long as it likes. The one
 * duty of who hands it to another thread is to publish it safely (a volatile field, a queue).
 */
@SuppressWarnings("DoNotCallSuggester") // Skeleton: each throws until it is written.
public final class Root {
    Root() {}

    public long appliedIndex() {
        throw new UnsupportedOperationException("skeleton");
    }

    public long appliedTerm() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Equal on members that have applied the same entries; differs, but for chance, once they part. */
    public long stateHash() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The revision of the newest change; 1 for an empty store. */
    public long revision() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The revision compacted at; below it nothing can be read. -1 if there was no compaction. */
    public long compactRevision() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** True if what the last compaction made unreadable is also gone from memory. */
    public boolean isScrubbed() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The sum over all readable versions of key, value and 256 bytes. */
    public long dbSize() {
        throw new UnsupportedOperationException("skeleton");
    }

    public RangeResult range(RangeQuery query) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** Evaluates a transaction for which {@link Op.Txn#isReadOnly()}: a TxnResult or Refused. */
    public CommandResult readOnly(Op.Txn txn) {
        throw new UnsupportedOperationException("skeleton");
    }

    public Optional<LeaseState> lease(long id) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** All leases, by id. */
    public List<LeaseState> leases() {
        throw new UnsupportedOperationException("skeleton");
    }

    /** The keys attached to a lease, in order. */
    public List<Bytes> leaseKeys(long id) {
        throw new UnsupportedOperationException("skeleton");
    }

    /** All members known, by unsigned id. */
    public List<MemberState> members() {
        throw new UnsupportedOperationException("skeleton");
    }
}
