package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.Member;
import io.metcd.api.etcdserverpb.MemberListRequest;
import io.metcd.api.etcdserverpb.MemberListResponse;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.store.MemberState;
import io.metcd.store.Root;

/** etcdserverpb.Cluster. Its headers carry no revision. */
final class ClusterService {
    private final ReplicaBridge replica;
    private final Headers headers;

    ClusterService(ReplicaBridge replica, Headers headers) {
        this.replica = replica;
        this.headers = headers;
    }

    void register(Registry registry) {
        registry.unary("MemberList", MemberListRequest.parser(), this::memberList)
                .unsupported("MemberAdd", "MemberRemove", "MemberUpdate", "MemberPromote");
    }

    private void memberList(Call call, MemberListRequest request, Reply reply) {
        if (request.getLinearizable()) {
            replica.read(call.timeoutNanos(), root -> answer(root, reply), reply::fail);
        } else {
            answer(replica.root(), reply);
        }
    }

    private void answer(Root root, Reply reply) {
        MemberListResponse.Builder response = MemberListResponse.newBuilder().setHeader(headers.at(0));
        for (MemberState member : root.members()) {
            response.addMembers(Member.newBuilder()
                    .setID(member.id())
                    .setName(member.name())
                    .addAllPeerURLs(member.peerUrls())
                    .addAllClientURLs(member.clientUrls()));
        }
        reply.send(Payload.of(response.build()));
    }
}
