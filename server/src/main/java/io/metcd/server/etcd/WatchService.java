package io.metcd.server.etcd;

import com.google.protobuf.InvalidProtocolBufferException;
import io.metcd.api.etcdserverpb.WatchRequest;
import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.base.Scheduler;
import io.metcd.server.etcd.Candidacy.Place;
import io.metcd.server.rpc.Call;
import io.metcd.server.rpc.Inbound;
import io.metcd.server.rpc.Outbound;
import io.metcd.server.rpc.Status;
import io.metcd.store.Root;
import io.metcd.store.kv.Event;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * etcdserverpb.Watch. The hub decides what each stream is told; this class carries requests in and answers out, and
 * takes answers only while the client keeps up.
 */
final class WatchService {
    private final ReplicaBridge replica;
    private final Doorman doorman;
    private final LeaderGuard leaders;
    private final Limits limits;
    private final RandomSource random;
    private final WatchAnswers answers;
    private final WatchHub hub;
    private final Map<Long, WatchCall> calls = new HashMap<>();

    /** Requests that came when the replica was ahead of the hub. */
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    /** The state that the hub has come to. */
    private Root heard;

    private long lastTag;

    /** What the metrics page of any loop may read. */
    private volatile int watchCount;

    private volatile int streamCount;

    WatchService(Place place, Headers headers, LeaderGuard leaders) {
        this.replica = place.replica();
        this.doorman = place.doorman();
        this.leaders = leaders;
        this.limits = place.limits();
        this.random = place.random();
        this.answers = new WatchAnswers(headers);
        Root root = replica.root();
        this.hub = new WatchHub(root, storeLimits(limits));
        this.heard = root;
    }

    void register(Registry registry) {
        registry.byRequest().stream("Watch", WatchCall::new);
        replica.onTurn(this::onTurn);
        scheduleProgress();
    }

    int watchCount() {
        return watchCount;
    }

    int streamCount() {
        return streamCount;
    }

    /** Ends every stream. */
    void endAll(Status status) {
        for (WatchCall call : new ArrayList<>(calls.values())) {
            call.end(status);
        }
    }

    private static io.metcd.store.Limits storeLimits(Limits limits) {
        return io.metcd.store.Limits.defaults().withFragmentBytes(limits.maxMessageBytes());
    }

    private void onTurn(Root root, List<Event> events) {
        heard = root;
        answers.beginTurn();
        pumpAll(hub.onTurn(root, events));
        answers.endTurn();
        while (!waiting.isEmpty() && isCurrent()) {
            waiting.remove().run();
        }
    }

    private void scheduleProgress() {
        long interval = limits.progressIntervalNanos();
        replica.loop().schedule(interval + random.between(0, interval / 10), () -> {
            pumpAll(hub.onProgressTick());
            scheduleProgress();
        });
    }

    private void count() {
        watchCount = hub.watchCount();
        streamCount = calls.size();
    }

    private void pumpAll(List<WatchStream> streams) {
        for (WatchStream stream : streams) {
            WatchCall call = calls.get(stream.tag());
            if (call != null) {
                call.pump();
            }
        }
    }

    private boolean isCurrent() {
        Root newest = replica.root();
        return heard.revision() >= newest.revision() && heard.compactRevision() >= newest.compactRevision();
    }

    /**
     * A client that has been answered a write or a compaction, and then asks to watch, must not hear of that write, nor
     * of what was compacted: the hub has to have come as far as the answer. Requests keep their order.
     */
    private void whenCurrent(Runnable request) {
        if (waiting.isEmpty() && isCurrent()) {
            request.run();
        } else {
            waiting.add(request);
        }
    }

    /** One stream of a client. */
    private final class WatchCall implements Inbound {
        private final Call call;
        private final Outbound out;
        private final WatchStream stream;
        private final Scheduler.Task guard;
        private boolean halfClosed;
        private boolean over;
        /** What came while this member did not know the caller's token yet. */
        private final Deque<Runnable> early = new ArrayDeque<>();

        private boolean known;

        WatchCall(Call call, Outbound out) {
            this.call = call;
            this.out = out;
            this.stream = hub.open(++lastTag);
            this.guard = Admission.requiresLeader(call) ? leaders.guard(() -> end(Errors.NO_LEADER)) : () -> {};
            calls.put(stream.tag(), this);
            count();
            doorman.known(call, this::begin, status -> begin());
            if (!known) {
                out.pauseRequests();
            }
        }

        @Override
        public void message(Bytes message) {
            WatchRequest request;
            try {
                request = Messages.parse(WatchRequest.parser(), message);
            } catch (InvalidProtocolBufferException malformed) {
                end(Errors.malformedOnStream(String.valueOf(malformed.getMessage())));
                return;
            }
            inTurn(() -> handle(request));
        }

        /** If the token is not known by now it is not good, and each request hears so. */
        private void begin() {
            known = true;
            while (!early.isEmpty()) {
                whenCurrent(early.remove());
            }
            pump();
        }

        private void inTurn(Runnable request) {
            if (known) {
                whenCurrent(request);
            } else {
                early.add(request);
            }
        }

        @Override
        public void halfClosed() {
            inTurn(() -> {
                halfClosed = true;
                endIfDone();
            });
        }

        @Override
        public void cancelled() {
            if (!over) {
                over = true;
                release();
            }
        }

        @Override
        public void writable() {
            pump();
        }

        void pump() {
            while (!over && stream.isReady() && out.writable()) {
                stream.poll().ifPresent(response -> out.send(answers.payload(response)));
            }
            if (!over && !stream.isBacklogged()) {
                out.resumeRequests();
            }
            endIfDone();
        }

        void end(Status status) {
            if (!over) {
                over = true;
                release();
                out.end(status);
            }
        }

        private void handle(WatchRequest request) {
            if (over) {
                return;
            }
            switch (request.getRequestUnionCase()) {
                case CREATE_REQUEST -> create(Requests.watch(request.getCreateRequest()));
                case CANCEL_REQUEST -> stream.cancel(request.getCancelRequest().getWatchId());
                case PROGRESS_REQUEST -> stream.requestProgress();
                case REQUESTUNION_NOT_SET -> {}
            }
            if (stream.isBacklogged()) {
                out.pauseRequests();
            }
            pump();
            count();
        }

        /** The right is asked for on the range as it was wanted; a revision of before all others is refused first. */
        private void create(io.metcd.store.watch.WatchRequest wanted) {
            Optional<Status> refusal = wanted.startRevision() < 0
                    ? Optional.empty()
                    : doorman.refusal(call, replica.root(), access -> access.read(wanted.range()));
            refusal.ifPresentOrElse(status -> stream.refuse(status.formatted()), () -> stream.create(wanted));
        }

        /** A client that has closed its side can ask for nothing more: without a watch its stream is over. */
        private void endIfDone() {
            if (halfClosed && !over && !stream.isReady() && stream.watchCount() == 0) {
                end(Status.OK);
            }
        }

        private void release() {
            guard.cancel();
            stream.close();
            calls.remove(stream.tag());
            count();
        }
    }
}
