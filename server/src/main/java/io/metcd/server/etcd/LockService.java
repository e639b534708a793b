package io.metcd.server.etcd;

import io.metcd.api.v3lockpb.LockRequest;
import io.metcd.api.v3lockpb.LockResponse;
import io.metcd.api.v3lockpb.UnlockRequest;
import io.metcd.api.v3lockpb.UnlockResponse;
import io.metcd.base.Bytes;
import io.metcd.server.etcd.Candidacy.Candidate;
import io.metcd.server.etcd.Candidacy.Place;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.UnaryCall;
import io.metcd.store.command.Op;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.Refusal;

/** v3lockpb.Lock: who is at the head of the queue holds the lock. */
final class LockService {
    private final Place place;
    private final Headers headers;

    LockService(Place place, Headers headers) {
        this.place = place;
        this.headers = headers;
    }

    void register(Registry registry) {
        registry.byRequest()
                .unary("Lock", LockRequest.parser(), this::lock)
                .unary("Unlock", UnlockRequest.parser(), this::unlock);
    }

    private void lock(UnaryCall call, LockRequest request, Reply reply) {
        Candidate candidate = new Candidate(call, Strings.of(request.getName()), request.getLease(), Bytes.EMPTY);
        new Candidacy(
                        place,
                        candidate,
                        head -> reply.send(Payload.of(LockResponse.newBuilder()
                                .setHeader(headers.at(head.revision()))
                                .setKey(Strings.of(head.key()))
                                .build())),
                        reply::fail)
                .start();
    }

    private void unlock(Call call, UnlockRequest request, Reply reply) {
        Op.DeleteRange delete = new Op.DeleteRange(KeyRange.single(Strings.of(request.getKey())), false);
        if (request.getKey().isEmpty()) {
            reply.fail(Errors.inner(Errors.of(Refusal.KEY_MISSING)));
            return;
        }
        place.doorman()
                .submit(
                        call,
                        delete,
                        result -> reply.send(Payload.of(UnlockResponse.newBuilder()
                                .setHeader(headers.at(result.revision()))
                                .build())),
                        status -> reply.fail(Errors.inner(status)));
    }
}
