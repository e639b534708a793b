package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.CompactionRequest;
import io.metcd.api.etcdserverpb.CompactionResponse;
import io.metcd.api.etcdserverpb.DeleteRangeRequest;
import io.metcd.api.etcdserverpb.PutRequest;
import io.metcd.api.etcdserverpb.RangeRequest;
import io.metcd.api.etcdserverpb.TxnRequest;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.command.Checks;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.command.CommandResult.DeleteResult;
import io.metcd.store.command.CommandResult.PutResult;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.store.kv.Refusal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** etcdserverpb.KV. Reads are answered here, on the event loop, from an immutable state; writes cross to the replica. */
final class KvService {
    private static final long SCRUB_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Headers headers;
    private final Limits limits;

    KvService(ReplicaBridge replica, Doorman doorman, Headers headers, Limits limits) {
        this.replica = replica;
        this.doorman = doorman;
        this.headers = headers;
        this.limits = limits;
    }

    void register(Registry registry, Admission admission) {
        registry.byRequest()
                .unary(
                        "Range",
                        RangeRequest.parser(),
                        (call, request) ->
                                request.getSerializable() ? admission.checkAlsoOnLearner(call) : admission.check(call),
                        this::range)
                .serverStream(
                        "RangeStream",
                        RangeRequest.parser(),
                        admission::checkAlsoOnLearner,
                        (call, request, out) -> rangeStream(call, request, out, admission))
                .unary("Put", PutRequest.parser(), this::put)
                .unary("DeleteRange", DeleteRangeRequest.parser(), this::deleteRange)
                .unary("Txn", TxnRequest.parser(), this::txn)
                .and()
                .root()
                .unary("Compact", CompactionRequest.parser(), this::compact);
    }

    private void range(Call call, RangeRequest request, Reply reply) {
        RangeQuery query = Requests.query(request);
        Optional<Refusal> refusal = Checks.range(query);
        if (refusal.isPresent()) {
            reply.fail(Errors.of(refusal.get()));
            return;
        }
        Doorman.Question question = access -> access.read(query.range());
        if (request.getSerializable()) {
            doorman.readLocally(call, question, root -> answerRange(root, query, reply), reply::fail);
        } else {
            doorman.read(call, question, root -> answerRange(root, query, reply), reply::fail);
        }
    }

    private void answerRange(Root root, RangeQuery query, Reply reply) {
        RangeResult result = root.range(query);
        if (result instanceof RangeResult.Ok found) {
            reply.send(Responses.range(headers.at(root.revision()), found));
        } else if (result instanceof RangeResult.Refused refused) {
            reply.fail(Errors.of(refused.refusal()));
        }
    }

    private Registry.Producer rangeStream(Call call, RangeRequest request, Outbound out, Admission admission) {
        RangeQuery query = Requests.query(request);
        Optional<Status> refusal = (request.getSerializable() ? Optional.<Status>empty() : admission.check(call))
                .or(() -> Checks.range(query).map(Errors::of))
                .or(() -> Errors.notStreamed(query));
        if (refusal.isPresent()) {
            out.end(refusal.get());
            return Registry.Producer.NONE;
        }
        RangeFeed feed = new RangeFeed(out, limits.maxRequestBytes());
        Doorman.Question question = access -> access.read(query.range());
        Consumer<Root> found = root -> {
            RangeResult result = root.range(query);
            if (result instanceof RangeResult.Ok ok) {
                feed.begin(headers.at(root.revision()), ok);
            } else if (result instanceof RangeResult.Refused refused) {
                out.end(Errors.of(refused.refusal()));
            }
        };
        if (request.getSerializable()) {
            doorman.readLocally(call, question, found, out::end);
        } else {
            doorman.read(call, question, found, out::end);
        }
        return feed;
    }

    private void put(Call call, PutRequest request, Reply reply) {
        Op.Put put = Requests.put(request);
        if (!admitted(call, put, request.getSerializedSize(), reply)) {
            return;
        }
        submit(call, put, reply, result -> {
            PutResult done = (PutResult) result;
            reply.send(Responses.put(headers.at(done.revision()), done));
        });
    }

    private void deleteRange(Call call, DeleteRangeRequest request, Reply reply) {
        Op.DeleteRange delete = Requests.deleteRange(request);
        if (!admitted(call, delete, request.getSerializedSize(), reply)) {
            return;
        }
        submit(call, delete, reply, result -> {
            DeleteResult done = (DeleteResult) result;
            reply.send(Responses.deleteRange(headers.at(done.revision()), done));
        });
    }

    private void txn(Call call, TxnRequest request, Reply reply) {
        Op.Txn txn = Requests.txn(request);
        boolean readOnly = txn.isReadOnly();
        if (!admitted(call, txn, readOnly ? 0 : request.getSerializedSize(), reply)) {
            return;
        }
        Doorman.Question question = access -> access.readOnly(txn);
        if (!readOnly) {
            submit(call, txn, reply, result -> answerTxn(result, reply));
        } else if (Requests.isSerializable(request)) {
            doorman.readLocally(call, question, root -> answerTxn(root.readOnly(txn), reply), reply::fail);
        } else {
            doorman.read(call, question, root -> answerTxn(root.readOnly(txn), reply), reply::fail);
        }
    }

    private void answerTxn(CommandResult result, Reply reply) {
        if (result instanceof TxnResult done) {
            reply.send(Responses.txn(headers.at(done.revision()), done));
        } else if (result instanceof CommandResult.Refused refused) {
            reply.fail(Errors.of(refused.refusal()));
        } else {
            throw new AssertionError(result);
        }
    }

    private void compact(Call call, CompactionRequest request, Reply reply) {
        submit(call, new Command.Compact(request.getRevision()), reply, result -> {
            if (request.getPhysical()) {
                answerWhenScrubbed(result.revision(), replica.timing().requestNanos(), reply);
            } else {
                answerCompact(result.revision(), reply);
            }
        });
    }

    private void answerCompact(long revision, Reply reply) {
        reply.send(Payload.of(
                CompactionResponse.newBuilder().setHeader(headers.at(revision)).build()));
    }

    /** Freeing the memory goes on behind the answers of the replica; it is bounded, and so is the wait for it. */
    private void answerWhenScrubbed(long revision, long leftNanos, Reply reply) {
        if (leftNanos <= 0 || replica.root().isScrubbed()) {
            answerCompact(revision, reply);
        } else {
            replica.loop()
                    .schedule(
                            SCRUB_POLL_NANOS, () -> answerWhenScrubbed(revision, leftNanos - SCRUB_POLL_NANOS, reply));
        }
    }

    /** Space, then shape, then size: clients can observe the order. What is not admitted is answered here. */
    private boolean admitted(Call call, Command command, int size, Reply reply) {
        if (!replica.hasRoom(command)) {
            replica.refuseForSpace(call.timeoutNanos(), reply::fail);
            return false;
        }
        Optional<Refusal> refusal = Checks.command(command, limits.maxTxnOps());
        if (refusal.isPresent()) {
            reply.fail(Errors.of(refusal.get()));
        } else if (size > limits.maxRequestBytes()) {
            reply.fail(Errors.REQUEST_TOO_LARGE);
        } else {
            return true;
        }
        return false;
    }

    private void submit(Call call, Command command, Reply reply, Consumer<CommandResult> done) {
        doorman.submit(call, command, done, reply::fail);
    }
}
