package io.metcd.server.etcd;

import static java.util.Comparator.comparingLong;

import com.google.protobuf.InvalidProtocolBufferException;
import io.metcd.api.etcdserverpb.LeaseGrantRequest;
import io.metcd.api.etcdserverpb.LeaseGrantResponse;
import io.metcd.api.etcdserverpb.LeaseKeepAliveRequest;
import io.metcd.api.etcdserverpb.LeaseKeepAliveResponse;
import io.metcd.api.etcdserverpb.LeaseLeasesRequest;
import io.metcd.api.etcdserverpb.LeaseLeasesResponse;
import io.metcd.api.etcdserverpb.LeaseRevokeRequest;
import io.metcd.api.etcdserverpb.LeaseRevokeResponse;
import io.metcd.api.etcdserverpb.LeaseStatus;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveRequest;
import io.metcd.api.etcdserverpb.LeaseTimeToLiveResponse;
import io.metcd.api.etcdserverpb.ResponseHeader;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.node.LeaseOutcome;
import io.metcd.server.etcd.Candidacy.Place;
import io.metcd.server.etcd.ReplicaBridge.LeaseQuestion;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Payload;
import io.metcd.server.rpc.Reply;
import io.metcd.server.rpc.Status;
import io.metcd.store.Access;
import io.metcd.store.Root;
import io.metcd.store.command.Command;
import io.metcd.store.command.CommandResult.LeaseGrantResult;
import io.metcd.store.lease.LeaseState;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** etcdserverpb.Lease. What is left of a lease, the leader knows alone. */
final class LeaseService {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final Headers headers;
    private final LeaderGuard leaders;
    private final Limits limits;
    private final RandomSource random;

    LeaseService(Place place, Headers headers, LeaderGuard leaders) {
        this.replica = place.replica();
        this.doorman = place.doorman();
        this.headers = headers;
        this.leaders = leaders;
        this.limits = place.limits();
        this.random = place.random();
    }

    void register(Registry registry) {
        registry
                .user()
                .unary("LeaseGrant", LeaseGrantRequest.parser(), this::grant)
                .and()
                .byRequest()
                .unary("LeaseRevoke", LeaseRevokeRequest.parser(), this::revoke)
                .unary("LeaseTimeToLive", LeaseTimeToLiveRequest.parser(), this::timeToLive)
                .unary("LeaseLeases", LeaseLeasesRequest.parser(), this::list)
                .stream("LeaseKeepAlive", KeepAlives::new);
    }

    /** The command that grants a lease: the id is chosen here, and the time raised to the least that makes sense. */
    static Command.LeaseGrant grantCommand(long id, long ttl, ReplicaBridge replica, RandomSource random) {
        long chosen = id;
        while (chosen == 0) {
            chosen = random.nextLong() & Long.MAX_VALUE;
        }
        long least = (replica.timing().electionNanos() * 3 / 2 + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
        return new Command.LeaseGrant(chosen, Math.max(ttl, least));
    }

    private void grant(Call call, LeaseGrantRequest request, Reply reply) {
        Command.LeaseGrant grant = grantCommand(request.getID(), request.getTTL(), replica, random);
        doorman.submit(
                call,
                grant,
                result -> {
                    LeaseGrantResult granted = (LeaseGrantResult) result;
                    reply.send(Payload.of(LeaseGrantResponse.newBuilder()
                            .setHeader(headers.at(granted.revision()))
                            .setID(granted.id())
                            .setTTL(granted.ttlSeconds())
                            .build()));
                },
                reply::fail);
    }

    private void revoke(Call call, LeaseRevokeRequest request, Reply reply) {
        doorman.submit(
                call,
                new Command.LeaseRevoke(request.getID()),
                result -> reply.send(Payload.of(LeaseRevokeResponse.newBuilder()
                        .setHeader(headers.at(result.revision()))
                        .build())),
                reply::fail);
    }

    private void timeToLive(Call call, LeaseTimeToLiveRequest request, Reply reply) {
        LeaseQuestion question = new LeaseQuestion(request.getID(), request.getKeys(), call.timeoutNanos());
        if (!request.getKeys()) {
            Runnable ask = () -> replica.timeToLive(question, left -> reply.send(Payload.of(left(left))), reply::fail);
            doorman.check(call, Access::user, ask, reply::fail);
            return;
        }
        // Which keys are shown is known when the leader has answered, and asked about then: as of a state not before
        // the barrier, which also tells a member that is behind that names are asked for.
        Runnable ask = () -> replica.timeToLive(question, left -> answerWithKeys(call, left, reply), reply::fail);
        doorman.read(call, access -> access.keysOfLease(request.getID()), root -> ask.run(), reply::fail);
    }

    private void answerWithKeys(Call call, LeaseOutcome.TimeToLive left, Reply reply) {
        doorman.refusal(call, replica.root(), access -> access.keysForReading(left.keys()))
                .ifPresentOrElse(reply::fail, () -> reply.send(Payload.of(left(left))));
    }

    private LeaseTimeToLiveResponse left(LeaseOutcome.TimeToLive left) {
        LeaseTimeToLiveResponse.Builder response = LeaseTimeToLiveResponse.newBuilder()
                .setHeader(headers.at(replica.root().revision()))
                .setID(left.leaseId())
                .setTTL(left.remainingSeconds())
                .setGrantedTTL(left.grantedSeconds());
        for (Bytes key : left.keys()) {
            response.addKeys(Strings.of(key));
        }
        return response.build();
    }

    /** This member alone cannot know which ends first; a shorter grant is the best guess. */
    private void list(Call call, LeaseLeasesRequest request, Reply reply) {
        doorman.readLocally(call, Access::keysOfAllLeases, root -> list(root, reply), reply::fail);
    }

    private void list(Root root, Reply reply) {
        LeaseLeasesResponse.Builder response = LeaseLeasesResponse.newBuilder().setHeader(headers.at(root.revision()));
        root.leases().stream()
                .sorted(comparingLong(LeaseState::grantedTtlSeconds))
                .forEach(lease -> response.addLeases(LeaseStatus.newBuilder().setID(lease.id())));
        reply.send(Payload.of(response.build()));
    }

    /** One stream of keep-alives: they go to the leader at once, and are answered in the order of the requests. */
    private final class KeepAlives implements Inbound {
        private final Call call;
        private final Outbound out;
        private final Scheduler.Task guard;
        private final Deque<Slot> slots = new ArrayDeque<>();
        private boolean halfClosed;
        private boolean over;

        KeepAlives(Call call, Outbound out) {
            this.call = call;
            this.out = out;
            this.guard = Admission.requiresLeader(call) ? leaders.guard(() -> end(Errors.NO_LEADER)) : () -> {};
        }

        @Override
        public void message(Bytes message) {
            LeaseKeepAliveRequest request;
            try {
                request = Messages.parse(LeaseKeepAliveRequest.parser(), message);
            } catch (InvalidProtocolBufferException malformed) {
                end(Errors.malformedOnStream(String.valueOf(malformed.getMessage())));
                return;
            }
            // The header is of before the renewal: no revocation that follows can have an earlier revision.
            Slot slot = new Slot(headers.at(replica.root().revision()));
            slots.add(slot);
            if (slots.size() >= limits.keepAlivesPending()) {
                out.pauseRequests();
            }
            doorman.check(call, access -> access.lease(request.getID()), () -> renew(request.getID(), slot), this::end);
        }

        private void renew(long lease, Slot slot) {
            if (over) {
                return;
            }
            replica.keepAlive(
                    lease,
                    call.timeoutNanos(),
                    renewed -> {
                        slot.renewed = renewed;
                        answer();
                    },
                    this::end);
        }

        @Override
        public void halfClosed() {
            halfClosed = true;
            answer();
        }

        @Override
        public void cancelled() {
            over = true;
            guard.cancel();
        }

        @Override
        public void writable() {}

        private void answer() {
            while (!over && !slots.isEmpty()) {
                Slot first = slots.peek();
                LeaseOutcome.Renewed renewed = first.renewed;
                if (renewed == null) {
                    return;
                }
                slots.remove();
                out.send(Payload.of(LeaseKeepAliveResponse.newBuilder()
                        .setHeader(first.header)
                        .setID(renewed.leaseId())
                        .setTTL(renewed.ttlSeconds())
                        .build()));
            }
            if (!over) {
                out.resumeRequests();
                if (halfClosed) {
                    end(Status.OK);
                }
            }
        }

        private void end(Status status) {
            if (!over) {
                over = true;
                guard.cancel();
                out.end(status);
            }
        }
    }

    /** A request that waits for its answer. */
    private static final class Slot {
        private final ResponseHeader header;
        private LeaseOutcome.@Nullable Renewed renewed;

        Slot(ResponseHeader header) {
            this.header = header;
        }
    }
}
