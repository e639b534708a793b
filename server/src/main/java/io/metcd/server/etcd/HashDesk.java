package io.metcd.server.etcd;

import io.metcd.node.Failure;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.etcd.FileHash;
import io.metcd.store.keyspace.KeyspaceHash;
import io.metcd.store.keyspace.RevisionHash;
import io.metcd.store.kv.Refusal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Takes hashes of this member's state, a slice at a time, with other work of the loop in between. Each holds on to the
 * state that it is of.
 */
final class HashDesk {
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ReplicaBridge replica;
    private int underWay;

    HashDesk(ReplicaBridge replica) {
        this.replica = replica;
    }

    /** Of all keys up to a revision, 0 for the newest; {@code done} is told the store's revision, too. */
    void keys(long revision, BiConsumer<RevisionHash, Long> done, Consumer<Status> failed) {
        keys(revision, replica.timing().requestNanos(), done, failed);
    }

    /** A hash that a compaction has just begun to take is waited for: as of now it would be another one. */
    private void keys(long revision, long leftNanos, BiConsumer<RevisionHash, Long> done, Consumer<Status> failed) {
        Root root = replica.root();
        Optional<RevisionHash> kept = root.keyspace().compactionHash(revision);
        if (kept.isPresent()) {
            done.accept(kept.get(), root.revision());
        } else if (leftNanos > 0 && root.keyspace().awaitsCompactionHash(revision)) {
            replica.loop().schedule(POLL_NANOS, () -> keys(revision, leftNanos - POLL_NANOS, done, failed));
        } else if (revision > 0 && revision < root.compactRevision()) {
            failed.accept(Errors.of(Refusal.COMPACTED));
        } else if (revision > root.revision()) {
            failed.accept(Errors.of(Refusal.FUTURE_REVISION));
        } else if (underWay >= Limits.HASHES_MAX) {
            failed.accept(Errors.of(Failure.TOO_MANY_REQUESTS));
        } else {
            underWay++;
            KeyspaceHash hash = KeyspaceHash.at(root.keyspace(), revision == 0 ? root.revision() : revision);
            advance(hash::advance, () -> done.accept(hash.value(), root.revision()));
        }
    }

    /** Of all that etcd's file of this state would hold; {@code done} is told the store's revision, too. */
    void file(BiConsumer<Integer, Long> done, Consumer<Status> failed) {
        if (underWay >= Limits.HASHES_MAX) {
            failed.accept(Errors.of(Failure.TOO_MANY_REQUESTS));
            return;
        }
        underWay++;
        Root root = replica.root();
        FileHash hash = new FileHash(root);
        advance(hash::advance, () -> done.accept(hash.value(), root.revision()));
    }

    private void advance(IntPredicate hash, Runnable done) {
        if (hash.test(Limits.SLICE_RECORDS)) {
            replica.loop().execute(() -> advance(hash, done));
        } else {
            underWay--;
            done.run();
        }
    }
}
