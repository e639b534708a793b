package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmResponse;
import io.metcd.api.etcdserverpb.DowngradeInfo;
import io.metcd.api.etcdserverpb.MoveLeaderRequest;
import io.metcd.api.etcdserverpb.MoveLeaderResponse;
import io.metcd.api.etcdserverpb.SnapshotRequest;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.store.Root;

/** etcdserverpb.Maintenance. */
final class MaintenanceService {
    private final ReplicaBridge replica;
    private final Headers headers;
    private final Limits limits;

    MaintenanceService(ReplicaBridge replica, Headers headers, Limits limits) {
        this.replica = replica;
        this.headers = headers;
        this.limits = limits;
    }

    void register(Registry registry, Admission admission) {
        registry.unary(
                        "Status",
                        StatusRequest.parser(),
                        (call, request) -> admission.checkAlsoOnLearner(call),
                        this::status)
                .unary("Alarm", AlarmRequest.parser(), this::alarm)
                .unsupported("Defragment", "Hash", "HashKV", "Downgrade")
                .unary("MoveLeader", MoveLeaderRequest.parser(), this::moveLeader)
                .serverStream("Snapshot", SnapshotRequest.parser(), (call, request, out) -> {
                    out.end(Errors.unsupported("Snapshot"));
                    return Registry.Producer.NONE;
                });
    }

    private void status(Call call, StatusRequest request, Reply reply) {
        ReplicaStatus status = replica.status();
        Root root = replica.root();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(headers.at(root.revision()))
                .setVersion(Versions.SERVER)
                .setDbSize(root.dbSize())
                .setDbSizeInUse(root.dbSize())
                .setLeader(status.leader())
                .setRaftIndex(status.commit())
                .setRaftTerm(status.term())
                .setRaftAppliedIndex(status.applied())
                .setIsLearner(status.role() == ReplicaStatus.Role.LEARNER)
                .setStorageVersion(Versions.STORAGE)
                .setDbSizeQuota(limits.quotaBytes())
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
        if (!status.hasLeader()) {
            response.addErrors(Errors.NO_LEADER.text());
        }
        reply.send(Payload.of(response.build()));
    }

    /** Its answer has no header. */
    private void moveLeader(Call call, MoveLeaderRequest request, Reply reply) {
        replica.handOver(
                request.getTargetID(),
                call.timeoutNanos(),
                () -> reply.send(Payload.of(MoveLeaderResponse.getDefaultInstance())),
                reply::fail);
    }

    /** There are no alarms yet; asking for them is how clients find out whether a member is well. */
    private void alarm(Call call, AlarmRequest request, Reply reply) {
        if (request.getAction() == AlarmRequest.AlarmAction.GET) {
            reply.send(Payload.of(AlarmResponse.newBuilder()
                    .setHeader(headers.at(replica.root().revision()))
                    .build()));
        } else {
            reply.fail(Errors.unsupported("Alarm " + request.getAction()));
        }
    }
}
