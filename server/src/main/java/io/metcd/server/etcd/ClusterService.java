package io.metcd.server.etcd;

import com.google.protobuf.MessageLite;
import io.metcd.api.etcdserverpb.Member;
import io.metcd.api.etcdserverpb.MemberAddRequest;
import io.metcd.api.etcdserverpb.MemberAddResponse;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.api.etcdserverpb.MemberPromoteRequest;
import io.metcd.api.etcdserverpb.MemberPromoteResponse;
import io.metcd.api.etcdserverpb.MemberRemoveRequest;
import io.metcd.api.etcdserverpb.MemberRemoveResponse;
import io.metcd.api.etcdserverpb.MemberUpdateRequest;
import io.metcd.api.etcdserverpb.MemberUpdateResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.base.Clock;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.store.Access;
import io.metcd.store.MemberState;
import io.metcd.store.MemberState.Standing;
import io.metcd.store.Root;
import io.metcd.store.command.CommandResult.MembershipResult;
import io.metcd.store.command.Envelope;
import io.metcd.store.command.MemberCommand;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** etcdserverpb.Cluster. Its headers carry no revision. */
final class ClusterService {
    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Headers headers;

    ClusterService(ReplicaBridge replica, Doorman doorman, Headers headers) {
        this.replica = replica;
        this.doorman = doorman;
        this.headers = headers;
    }

    void register(Registry registry) {
        registry.user()
                .unary("MemberList", MemberListRequest.parser(), this::memberList)
                .and()
                .byRequest()
                .unary("MemberAdd", MemberAddRequest.parser(), this::memberAdd)
                .and()
                .root()
                .unary("MemberRemove", MemberRemoveRequest.parser(), this::memberRemove)
                .unary("MemberUpdate", MemberUpdateRequest.parser(), this::memberUpdate)
                .unary("MemberPromote", MemberPromoteRequest.parser(), this::memberPromote);
    }

    private void memberList(Call call, MemberListRequest request, Reply reply) {
        if (request.getLinearizable()) {
            replica.read(call.timeoutNanos(), root -> answer(root, reply), reply::fail);
        } else {
            answer(replica.root(), reply);
        }
    }

    private void memberAdd(Call call, MemberAddRequest request, Reply reply) {
        Optional<List<String>> urls = PeerUrls.checked(request.getPeerURLsList());
        if (urls.isEmpty()) {
            reply.fail(Errors.BAD_MEMBER_URLS);
            return;
        }
        Standing standing = request.getIsLearner() ? Standing.LEARNER : Standing.VOTER;
        long id = PeerUrls.memberId(urls.get(), Clock.system().wallMillis() / 1000);
        MemberState added = MemberState.added(id, urls.get(), standing);
        change( // the right is asked for after the URLs, as in etcd
                call,
                new MemberCommand.Add(added),
                reply,
                result -> MemberAddResponse.newBuilder()
                        .setHeader(header())
                        .setMember(member(added))
                        .addAllMembers(members(result.members()))
                        .build());
    }

    private void memberRemove(Call call, MemberRemoveRequest request, Reply reply) {
        change(
                call,
                new MemberCommand.Remove(request.getID()),
                reply,
                result -> MemberRemoveResponse.newBuilder()
                        .setHeader(header())
                        .addAllMembers(members(result.members()))
                        .build());
    }

    /** Its URLs are taken as they come, as etcd does. */
    private void memberUpdate(Call call, MemberUpdateRequest request, Reply reply) {
        MemberCommand update = new MemberCommand.Update(request.getID(), request.getPeerURLsList());
        change(
                call,
                update,
                reply,
                result -> MemberUpdateResponse.newBuilder()
                        .setHeader(header())
                        .addAllMembers(members(result.members()))
                        .build());
    }

    private void memberPromote(Call call, MemberPromoteRequest request, Reply reply) {
        MemberCommand promote = new MemberCommand.Promote(request.getID(), List.of());
        change(
                call,
                promote,
                reply,
                result -> MemberPromoteResponse.newBuilder()
                        .setHeader(header())
                        .addAllMembers(members(result.members()))
                        .build());
    }

    /** The right is not asked for again when consensus goes by the change: so here behind a barrier. */
    private void change(
            Call call, MemberCommand command, Reply reply, Function<MembershipResult, MessageLite> response) {
        Runnable propose = () -> replica.submit(
                Envelope.of(command),
                call.timeoutNanos(),
                result -> reply.send(Payload.of(response.apply((MembershipResult) result))),
                reply::fail);
        doorman.read(call, Access::root, root -> propose.run(), reply::fail);
    }

    private void answer(Root root, Reply reply) {
        reply.send(Payload.of(MemberListResponse.newBuilder()
                .setHeader(header())
                .addAllMembers(members(root.members()))
                .build()));
    }

    private ResponseHeader header() {
        return headers.at(0);
    }

    private static List<Member> members(List<MemberState> members) {
        return members.stream().map(ClusterService::member).toList();
    }

    private static Member member(MemberState member) {
        return Member.newBuilder()
                .setID(member.id())
                .setName(member.name())
                .addAllPeerURLs(member.peerUrls())
                .addAllClientURLs(member.clientUrls())
                .setIsLearner(!member.votes())
                .build();
    }
}
