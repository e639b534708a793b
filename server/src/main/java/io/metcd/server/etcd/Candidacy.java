package io.metcd.server.etcd;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Status;
import io.metcd.server.rpc.UnaryCall;
import io.metcd.store.Root;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.LeaseGrantResult;
import io.metcd.store.command.CommandResult.ReadResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeQuery.Order;
import io.metcd.store.kv.RangeQuery.RevisionBounds;
import io.metcd.store.kv.RangeQuery.Target;
import io.metcd.store.kv.RangeResult;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One caller's way to the head of a queue, which is what a lock and an election are. The queue of a name is the keys
 * below it, in the order of their creation; each hangs on its caller's lease.
 *
 * <ol>
 *   <li>{@link #start}: without a lease it makes one and keeps it alive as long as the call lasts.
 *   <li>It enters the queue, or finds that its lease is in it already.
 *   <li>It waits for the key right before its own to go, and looks again: nobody wakes all the others.
 *   <li>At the head it asks, behind a barrier, whether its own key is still there. Then it is done.
 * </ol>
 *
 * <p>If the caller goes away on the way, the key is taken back.
 */
final class Candidacy {
    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Deletions deletions;
    private final Limits limits;
    private final RandomSource random;
    private final UnaryCall call;
    private final Bytes prefix;
    private final Bytes value;
    private final Consumer<Head> done;
    private final Consumer<Status> failed;
    private long lease;
    private Bytes key = Bytes.EMPTY;

    /** The create revision of the key, 0 until it is known. */
    private long createRevision;

    private Scheduler.Task predecessor = () -> {};
    private Scheduler.Task own = () -> {};
    private Scheduler.Task renewal = () -> {};
    private boolean over;

    /** What every candidacy of one loop shares. */
    record Place(ReplicaBridge replica, Doorman doorman, Deletions deletions, Limits limits, RandomSource random) {}

    /** Who wants what. */
    record Candidate(UnaryCall call, Bytes name, long lease, Bytes value) {}

    /** The head of the queue, as the caller is told. */
    record Head(Bytes key, long createRevision, long lease, long revision) {}

    Candidacy(Place place, Candidate candidate, Consumer<Head> done, Consumer<Status> failed) {
        this.replica = place.replica;
        this.doorman = place.doorman;
        this.deletions = place.deletions;
        this.limits = place.limits;
        this.random = place.random;
        this.call = candidate.call;
        this.prefix = candidate.name.concat(Bytes.utf8("/"));
        this.value = candidate.value;
        this.lease = candidate.lease;
        this.done = done;
        this.failed = failed;
    }

    /** The key of a lease in the queue of a name: a negative lease has a sign. */
    static Bytes key(Bytes prefix, long lease) {
        return prefix.concat(Bytes.utf8(Long.toString(lease, 16)));
    }

    /** True as long as the key is the one that was created then. */
    static Compare stillThere(Bytes key, long createRevision) {
        return Compare.number(key, Compare.Target.CREATE, Compare.Result.EQUAL, createRevision);
    }

    void start() {
        call.onCancel(this::withdraw);
        if (lease != 0) {
            enter();
            return;
        }
        doorman.submit(
                call,
                LeaseService.grantCommand(0, limits.lockTtlSeconds(), replica, random),
                result -> {
                    lease = ((LeaseGrantResult) result).id();
                    keepAlive();
                    enter();
                },
                this::fail);
    }

    private void keepAlive() {
        long third = limits.lockTtlSeconds() * 1_000_000_000L / 3;
        renewal = replica.loop().schedule(third, () -> {
            replica.keepAlive(lease, Call.NO_DEADLINE, renewed -> {}, status -> {});
            keepAlive();
        });
    }

    private void enter() {
        if (over) {
            return;
        }
        key = key(prefix, lease);
        Op.Txn entry = new Op.Txn(
                List.of(stillThere(key, 0)),
                List.of(Op.Put.of(key, value).withLease(lease)),
                List.of(new Op.Range(RangeQuery.key(key))));
        doorman.submit(call, entry, this::entered, this::fail);
    }

    private void entered(CommandResult result) {
        TxnResult entry = (TxnResult) result;
        if (entry.succeeded()) {
            createRevision = entry.revision();
            lookFirst(entry.revision());
            return;
        }
        KeyValue there = ((ReadResult) entry.responses().get(0)).range().kvs().get(0);
        createRevision = there.createRevision();
        if (value.equals(there.value())) {
            lookFirst(entry.revision());
        } else {
            changeValue(entry.revision());
        }
    }

    /** Campaigning anew with another value says the new value first, or resigns; the answer shows the revision before it. */
    private void changeValue(long revision) {
        Op.Txn change = new Op.Txn(
                List.of(stillThere(key, createRevision)),
                List.of(Op.Put.of(key, value).withLease(lease)),
                List.of());
        doorman.submit(
                call,
                change,
                result -> {
                    if (((TxnResult) result).succeeded()) {
                        lookFirst(revision);
                    } else {
                        fail(Errors.ELECTION_NOT_LEADER);
                    }
                },
                status -> takeBack(() -> fail(status)));
    }

    /** The state that holds the entry tells at once whether there was nobody before it. */
    private void lookFirst(long revision) {
        if (over) {
            takeBack(() -> {});
        } else if (before(replica.root()).isEmpty()) {
            finish(revision);
        } else {
            look();
        }
    }

    private void look() {
        predecessor.cancel();
        own.cancel();
        if (over) {
            return;
        }
        Root root = replica.root();
        Optional<KeyValue> before = before(root);
        if (before.isEmpty() || !isOwnThere(root)) {
            replica.read(call.timeoutNanos(), this::confirm, this::fail);
        } else {
            predecessor = deletions.await(before.get().key(), this::look);
            own = deletions.await(key, this::look);
        }
    }

    private void confirm(Root root) {
        if (over) {
            return;
        }
        if (isOwnThere(root)) {
            finish(root.revision());
        } else {
            fail(Errors.SESSION_EXPIRED);
        }
    }

    /** The entry right before this one. */
    private Optional<KeyValue> before(Root root) {
        RangeQuery query = RangeQuery.of(KeyRange.prefix(prefix))
                .withBounds(new RevisionBounds(0, 0, 0, createRevision - 1))
                .withSort(Order.DESCEND, Target.CREATE)
                .withLimit(1);
        return first(root, query);
    }

    private boolean isOwnThere(Root root) {
        return first(root, RangeQuery.key(key))
                .filter(kv -> kv.createRevision() == createRevision)
                .isPresent();
    }

    static Optional<KeyValue> first(Root root, RangeQuery query) {
        return root.range(query) instanceof RangeResult.Ok found
                ? found.kvs().stream().findFirst()
                : Optional.empty();
    }

    private void finish(long revision) {
        end();
        done.accept(new Head(key, createRevision, lease, revision));
    }

    private void fail(Status status) {
        if (!over) {
            end();
            failed.accept(Errors.inner(status));
        }
    }

    /** The caller has gone. */
    private void withdraw() {
        if (!over) {
            end();
            takeBack(() -> {});
        }
    }

    private void takeBack(Runnable then) {
        if (createRevision == 0) {
            then.run();
        } else {
            Op.Txn leave = new Op.Txn(
                    List.of(stillThere(key, createRevision)),
                    List.of(new Op.DeleteRange(KeyRange.single(key), false)),
                    List.of());
            // What the caller was let in for is undone, whoever may do what by now.
            replica.submit(Envelope.of(leave), Call.NO_DEADLINE, result -> then.run(), status -> then.run());
        }
    }

    private void end() {
        over = true;
        predecessor.cancel();
        own.cancel();
        renewal.cancel();
    }
}
