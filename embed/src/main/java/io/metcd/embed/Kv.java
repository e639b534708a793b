package io.metcd.embed;

import io.metcd.base.Bytes;
import io.metcd.store.Root;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Keys and values. Every change has a revision, one more than the one before; reads see all that was acknowledged
 * before them, through whichever member, unless the query is serializable.
 *
 * <p>A method that returns at once with a future has it completed by the member's own thread: what depends on it must
 * not block. Every other method waits, and throws {@link MetcdException}.
 */
public final class Kv {
    private final Calls calls;

    Kv(Calls calls) {
        this.calls = calls;
    }

    /** Writes a key; the result is the revision of the write. */
    public long put(String key, String value) {
        return put(Bytes.utf8(key), Bytes.utf8(value));
    }

    /** Writes a key; the result is the revision of the write. */
    public long put(Bytes key, Bytes value) {
        return Calls.join(putAsync(key, value));
    }

    /** Writes a key that is deleted when the lease ends; the result is the revision of the write. */
    public long put(Bytes key, Bytes value, long leaseId) {
        return Calls.join(put(Op.Put.of(key, value).withLease(leaseId)));
    }

    /** {@link #put(Bytes, Bytes)} without waiting. */
    public CompletableFuture<Long> putAsync(Bytes key, Bytes value) {
        return put(Op.Put.of(key, value));
    }

    /** The pair of a key, empty if there is none. */
    public Optional<Pair> get(String key) {
        return get(Query.key(key)).pairs().stream().findFirst();
    }

    /** What the query finds. */
    public Page get(Query query) {
        return Calls.join(getAsync(query));
    }

    /** {@link #get(Query)} without waiting. */
    public CompletableFuture<Page> getAsync(Query query) {
        Optional<MetcdException> senseless = Checks.range(query.range()).map(Calls::refused);
        if (senseless.isPresent()) {
            return CompletableFuture.failedFuture(senseless.get());
        }
        if (query.isSerializable()) {
            return page(calls.replica().root(), query);
        }
        return calls.read().thenCompose(root -> page(root, query));
    }

    /** Deletes a key; true if there was one. */
    public boolean delete(String key) {
        return delete(Query.key(key)) > 0;
    }

    /** Deletes every key of the range (other parts of the query do not count); the result is how many there were. */
    public long delete(Query range) {
        return Calls.join(deleteAsync(range));
    }

    /** {@link #delete(Query)} without waiting. */
    public CompletableFuture<Long> deleteAsync(Query range) {
        return calls.submit(new Op.DeleteRange(range.range().range(), false))
                .thenApply(result -> ((CommandResult.DeleteResult) result).deleted());
    }

    /** Begins a transaction. */
    public Txn txn() {
        return new Txn(this);
    }

    /** Forgets what only revisions below this one can see. */
    public void compact(long revision) {
        Calls.join(calls.submit(new Command.Compact(revision)));
    }

    CompletableFuture<TxnResult> commit(Op.Txn txn) {
        if (txn.isReadOnly()) {
            return calls.read().thenCompose(root -> {
                CommandResult result = root.readOnly(txn);
                return result instanceof CommandResult.Refused refused
                        ? CompletableFuture.failedFuture(Calls.refused(refused.refusal()))
                        : CompletableFuture.completedFuture(result((CommandResult.TxnResult) result));
            });
        }
        return calls.submit(txn).thenApply(result -> result((CommandResult.TxnResult) result));
    }

    private CompletableFuture<Long> put(Op.Put put) {
        return calls.submit(put).thenApply(CommandResult::revision);
    }

    private static CompletableFuture<Page> page(Root root, Query query) {
        RangeResult result = root.range(query.range());
        if (result instanceof RangeResult.Refused refused) {
            return CompletableFuture.failedFuture(Calls.refused(refused.refusal()));
        }
        return CompletableFuture.completedFuture(Page.of((RangeResult.Ok) result, root.revision()));
    }

    private static TxnResult result(CommandResult.TxnResult txn) {
        List<StepResult> steps = txn.responses().stream().map(Kv::step).toList();
        return new TxnResult(txn.succeeded(), txn.revision(), steps);
    }

    private static StepResult step(CommandResult.OpResult result) {
        if (result instanceof CommandResult.PutResult put) {
            return new StepResult.Put(put.previous().map(Pair::of));
        }
        if (result instanceof CommandResult.DeleteResult delete) {
            return new StepResult.Deleted(
                    delete.deleted(), delete.previous().stream().map(Pair::of).toList());
        }
        if (result instanceof CommandResult.ReadResult read) {
            return new StepResult.Got(Page.of(read.range(), read.revision()));
        }
        throw new AssertionError(result);
    }
}
