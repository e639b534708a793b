package io.metcd.server.etcd;

import io.metcd.api.etcdserverpb.AlarmRequest;
import io.metcd.api.etcdserverpb.AlarmResponse;
import io.metcd.api.etcdserverpb.DefragmentRequest;
import io.metcd.api.etcdserverpb.DefragmentResponse;
import io.metcd.api.etcdserverpb.DowngradeInfo;
import io.metcd.api.etcdserverpb.DowngradeRequest;
import io.metcd.api.etcdserverpb.DowngradeResponse;
import io.metcd.api.etcdserverpb.HashKVRequest;
import io.metcd.api.etcdserverpb.HashKVResponse;
import io.metcd.api.etcdserverpb.HashRequest;
import io.metcd.api.etcdserverpb.HashResponse;
import io.metcd.api.etcdserverpb.MoveLeaderRequest;
import io.metcd.api.etcdserverpb.MoveLeaderResponse;
import io.metcd.api.etcdserverpb.SnapshotRequest;
import io.metcd.api.etcdserverpb.StatusRequest;
import io.metcd.api.etcdserverpb.StatusResponse;
import io.metcd.node.Failure;
import io.metcd.node.ReplicaStatus;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Code;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.store.Access;
import io.metcd.store.Root;
import io.metcd.store.alarm.Alarm;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult;
import io.metcd.store.etcd.EtcdFile;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** etcdserverpb.Maintenance. */
final class MaintenanceService {
    private static final long SCRUB_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Headers headers;
    private final HashDesk hashes;
    private int snapshots;

    MaintenanceService(ReplicaBridge replica, Doorman doorman, Headers headers) {
        this.replica = replica;
        this.doorman = doorman;
        this.headers = headers;
        this.hashes = new HashDesk(replica);
    }

    void register(Registry registry, Admission admission) {
        registry.user()
                .unary(
                        "Status",
                        StatusRequest.parser(),
                        (call, request) -> admission.checkAlsoOnLearner(call),
                        this::status)
                .and()
                .byRequest()
                .unary("Alarm", AlarmRequest.parser(), this::alarm)
                .and()
                .root()
                .unary("Defragment", DefragmentRequest.parser(), this::defragment)
                .unary("Hash", HashRequest.parser(), this::hash)
                .unary("HashKV", HashKVRequest.parser(), this::hashKv)
                .unary("Downgrade", DowngradeRequest.parser(), this::downgrade)
                .unary("MoveLeader", MoveLeaderRequest.parser(), this::moveLeader)
                .serverStream("Snapshot", SnapshotRequest.parser(), admission::checkAlsoOnLearner, this::snapshot);
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
                .setDbSizeQuota(replica.quotaBytes())
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance());
        if (!status.hasLeader()) {
            response.addErrors(Errors.NO_LEADER.text());
        }
        root.alarms().list().forEach(alarm -> response.addErrors(Alarms.text(alarm)));
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

    /** Reading is linearizable; raising and clearing go through the log, for any member (contract: quota.4). */
    private void alarm(Call call, AlarmRequest request, Reply reply) {
        Optional<Alarm> alarm = Alarms.of(request);
        switch (request.getAction()) {
            case GET ->
                doorman.read(
                        call,
                        Access::user,
                        root -> answer(root.revision(), Alarms.asked(root, request), reply),
                        reply::fail);
            case ACTIVATE -> change(call, alarm.map(Command.AlarmRaise::new), reply);
            case DEACTIVATE -> change(call, alarm.map(Command.AlarmClear::new), reply);
            case UNRECOGNIZED -> change(call, Optional.empty(), reply);
        }
    }

    private void change(Call call, Optional<? extends Command> command, Reply reply) {
        Runnable change = () -> command.ifPresentOrElse(
                asked -> doorman.submit(
                        call,
                        asked,
                        result -> answer(result.revision(), ((CommandResult.AlarmResult) result).alarms(), reply),
                        reply::fail),
                () -> answer(replica.root().revision(), List.of(), reply));
        doorman.check(call, Access::root, change, reply::fail);
    }

    private void answer(long revision, List<Alarm> alarms, Reply reply) {
        AlarmResponse.Builder response = AlarmResponse.newBuilder().setHeader(headers.at(revision));
        alarms.forEach(alarm -> response.addAlarms(Alarms.message(alarm)));
        reply.send(Payload.of(response.build()));
    }

    private void hash(Call call, HashRequest request, Reply reply) {
        hashes.file(
                (hash, revision) -> reply.send(Payload.of(HashResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .setHash(hash)
                        .build())),
                reply::fail);
    }

    /** Of what this member has applied, which it does not ask others about. */
    private Registry.Producer snapshot(Call call, SnapshotRequest request, Outbound out) {
        if (snapshots >= Limits.SNAPSHOTS_MAX) {
            out.end(Errors.of(Failure.TOO_MANY_REQUESTS));
            return Registry.Producer.NONE;
        }
        Root root = replica.root();
        Optional<String> obstacle = EtcdFile.obstacle(root);
        if (obstacle.isPresent()) {
            out.end(new Status(Code.FAILED_PRECONDITION, "etcdserver: " + obstacle.get()));
            return Registry.Producer.NONE;
        }
        snapshots++;
        SnapshotStream stream = new SnapshotStream(root, out, replica.loop(), () -> snapshots--);
        stream.start();
        return stream;
    }

    private void hashKv(Call call, HashKVRequest request, Reply reply) {
        hashes.keys(
                request.getRevision(),
                (hash, revision) -> reply.send(Payload.of(HashKVResponse.newBuilder()
                        .setHeader(headers.at(revision))
                        .setHash(hash.hash())
                        .setCompactRevision(hash.compactRevision())
                        .setHashRevision(hash.revision())
                        .build())),
                reply::fail);
    }

    /** Nothing here has an older form to go back to, so asking whether it would be allowed is all that is. */
    private void downgrade(Call call, DowngradeRequest request, Reply reply) {
        switch (request.getAction()) {
            case VALIDATE ->
                checkTarget(
                        call,
                        request,
                        root -> Downgrades.targetFault(request.getVersion())
                                .ifPresentOrElse(reply::fail, () -> answerDowngrade(root, reply)),
                        reply);
            case ENABLE -> checkTarget(call, request, root -> reply.fail(Downgrades.INVALID_TARGET), reply);
            case CANCEL -> answerDowngrade(replica.root(), reply);
            case UNRECOGNIZED -> reply.fail(Downgrades.UNKNOWN_METHOD);
        }
    }

    private void checkTarget(Call call, DowngradeRequest request, Consumer<Root> next, Reply reply) {
        Downgrades.formatFault(request.getVersion())
                .ifPresentOrElse(reply::fail, () -> replica.read(call.timeoutNanos(), next, reply::fail));
    }

    private void answerDowngrade(Root root, Reply reply) {
        reply.send(Payload.of(DowngradeResponse.newBuilder()
                .setHeader(headers.at(root.revision()))
                .setVersion(Versions.MAJOR + "." + Versions.MINOR)
                .build()));
    }

    /**
     * There are no pages to move together: what compaction made unreadable is freed, and nothing else can be. Its answer
     * has no header.
     */
    private void defragment(Call call, DefragmentRequest request, Reply reply) {
        answerWhenScrubbed(replica.timing().requestNanos(), reply);
    }

    private void answerWhenScrubbed(long leftNanos, Reply reply) {
        if (leftNanos <= 0 || replica.root().isScrubbed()) {
            reply.send(Payload.of(DefragmentResponse.getDefaultInstance()));
        } else {
            replica.loop().schedule(SCRUB_POLL_NANOS, () -> answerWhenScrubbed(leftNanos - SCRUB_POLL_NANOS, reply));
        }
    }
}
