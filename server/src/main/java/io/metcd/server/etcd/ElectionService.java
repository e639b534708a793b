package io.metcd.server.etcd;

import io.metcd.api.v3electionpb.CampaignRequest;
import io.metcd.api.v3electionpb.CampaignResponse;
import io.metcd.api.v3electionpb.LeaderKey;
import io.metcd.api.v3electionpb.LeaderRequest;
import io.metcd.api.v3electionpb.LeaderResponse;
import io.metcd.api.v3electionpb.ProclaimRequest;
import io.metcd.api.v3electionpb.ProclaimResponse;
import io.metcd.api.v3electionpb.ResignRequest;
import io.metcd.api.v3electionpb.ResignResponse;
import io.metcd.base.Bytes;
import io.metcd.server.etcd.Candidacy.Candidate;
import io.metcd.server.etcd.Candidacy.Head;
import io.metcd.server.etcd.Candidacy.Place;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.UnaryCall;
import io.metcd.store.Root;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.kv.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** v3electionpb.Election: who is at the head of the queue leads, and the value of its key is what it proclaims. */
final class ElectionService {
    private final Place place;
    private final ReplicaBridge replica;
    private final Headers headers;
    private final Set<Observation> observations = new LinkedHashSet<>();

    ElectionService(Place place, Headers headers) {
        this.place = place;
        this.replica = place.replica();
        this.headers = headers;
    }

    void register(Registry registry) {
        registry.byRequest()
                .unary("Campaign", CampaignRequest.parser(), this::campaign)
                .unary("Proclaim", ProclaimRequest.parser(), this::proclaim)
                .unary("Leader", LeaderRequest.parser(), this::leader)
                .unary("Resign", ResignRequest.parser(), this::resign)
                .serverStream("Observe", LeaderRequest.parser(), this::observe);
        replica.onTurn(this::onTurn);
    }

    /** Ends every observation. */
    void endAll() {
        for (Observation observation : new ArrayList<>(observations)) {
            observation.end(Errors.SERVER_STOPPED);
        }
    }

    private void campaign(UnaryCall call, CampaignRequest request, Reply reply) {
        Candidate candidate =
                new Candidate(call, Strings.of(request.getName()), request.getLease(), Strings.of(request.getValue()));
        new Candidacy(place, candidate, head -> reply.send(Payload.of(elected(request, head))), reply::fail).start();
    }

    private CampaignResponse elected(CampaignRequest request, Head head) {
        return CampaignResponse.newBuilder()
                .setHeader(headers.at(head.revision()))
                .setLeader(LeaderKey.newBuilder()
                        .setName(request.getName())
                        .setKey(Strings.of(head.key()))
                        .setRev(head.createRevision())
                        .setLease(head.lease()))
                .build();
    }

    private void proclaim(Call call, ProclaimRequest request, Reply reply) {
        if (!request.hasLeader()) {
            reply.fail(Errors.LEADER_FIELD_MISSING);
            return;
        }
        LeaderKey leader = request.getLeader();
        Op.Put value = Op.Put.of(Strings.of(leader.getKey()), Strings.of(request.getValue()));
        // Who names no lease keeps the one it leads with: leading without one would have no end.
        Op put = leader.getLease() == 0 ? value.keepingLease() : value.withLease(leader.getLease());
        asLeader(call, leader, put, reply, result -> {
            if (result.succeeded()) {
                reply.send(Payload.of(ProclaimResponse.newBuilder()
                        .setHeader(headers.at(result.revision()))
                        .build()));
            } else {
                reply.fail(Errors.ELECTION_NOT_LEADER);
            }
        });
    }

    private void resign(Call call, ResignRequest request, Reply reply) {
        if (!request.hasLeader()) {
            reply.fail(Errors.LEADER_FIELD_MISSING);
            return;
        }
        LeaderKey leader = request.getLeader();
        Op delete = new Op.DeleteRange(KeyRange.single(Strings.of(leader.getKey())), false);
        asLeader(
                call,
                leader,
                delete,
                reply,
                result -> reply.send(Payload.of(ResignResponse.newBuilder()
                        .setHeader(headers.at(result.revision()))
                        .build())));
    }

    /** Does it if the caller's key is still the one it leads with. */
    private void asLeader(Call call, LeaderKey leader, Op op, Reply reply, Consumer<TxnResult> done) {
        Bytes key = Strings.of(leader.getKey());
        if (key.isEmpty()) {
            reply.fail(Errors.inner(Errors.of(Refusal.KEY_MISSING)));
            return;
        }
        Op.Txn txn = new Op.Txn(List.of(Candidacy.stillThere(key, leader.getRev())), List.of(op), List.of());
        place.doorman()
                .submit(
                        call,
                        txn,
                        result -> done.accept((TxnResult) result),
                        status -> reply.fail(Errors.inner(status)));
    }

    private void leader(Call call, LeaderRequest request, Reply reply) {
        Bytes prefix = prefix(request);
        place.doorman()
                .read(
                        call,
                        access -> access.read(KeyRange.prefix(prefix)),
                        root -> {
                            Optional<KeyValue> leader = Observation.leader(root, prefix, root.revision());
                            if (leader.isPresent()) {
                                reply.send(response(root.revision(), leader.get()));
                            } else {
                                reply.fail(Errors.ELECTION_NO_LEADER);
                            }
                        },
                        status -> reply.fail(Errors.inner(status)));
    }

    private Registry.Producer observe(Call call, LeaderRequest request, Outbound out) {
        Observation observation = new Observation(
                prefix(request),
                out,
                (revision, kv) -> out.send(response(revision, kv)),
                replica,
                observations::remove);
        observations.add(observation);
        place.doorman()
                .read(
                        call,
                        access -> access.read(KeyRange.prefix(prefix(request))),
                        observation::begin,
                        status -> observation.end(Errors.inner(status)));
        return observation;
    }

    private void onTurn(Root root, List<Event> events) {
        for (Observation observation : new ArrayList<>(observations)) {
            observation.onTurn(root, events);
        }
    }

    private Payload response(long revision, KeyValue kv) {
        return Payload.of(LeaderResponse.newBuilder()
                .setHeader(headers.at(revision))
                .setKv(Responses.keyValue(kv))
                .build());
    }

    private static Bytes prefix(LeaderRequest request) {
        return Strings.of(request.getName()).concat(Bytes.utf8("/"));
    }
}
