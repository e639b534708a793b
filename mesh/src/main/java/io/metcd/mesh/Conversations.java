package io.metcd.mesh;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Scheduler;
import io.metcd.mesh.CallOutcome.Reason;
import io.metcd.mesh.wire.Datagram;
import io.metcd.mesh.wire.Envelope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The channels of one peer and the calls that wait for answers.
 *
 * <p>A channel's id on the wire is the first 32 bits of the SHA-256 of its name, the same on every peer without any
 * agreement. Two names with one id cannot both be opened; the second is refused.
 */
final class Conversations {
    private final PeerId self;
    private final Profile.Sizes sizes;
    private final Clock clock;
    private final Scheduler scheduler;
    private final Counts counts;
    private final Sender sender;
    private final Map<Integer, NamedChannel> channels = new LinkedHashMap<>();
    private final Map<Long, Pending> pending = new LinkedHashMap<>();
    private long lastCorrelation;
    private boolean stopped;

    /** Sends datagrams to other peers. */
    interface Sender {
        /** {@code awaited}: somebody waits for it at the other end. */
        SendOutcome send(Datagram datagram, boolean awaited);
    }

    /** A call without an answer yet. */
    private record Pending(PeerId to, long deadlineNanos, Consumer<CallOutcome> done) {}

    /** {@code firstCorrelation} differs from one life of a peer to the next, so that late answers find nobody. */
    Conversations(Profile.Sizes sizes, Doors doors, Counts counts, long firstCorrelation, Sender sender) {
        this.self = PeerId.of(doors.signer().publicKey());
        this.sizes = sizes;
        this.clock = doors.clock();
        this.scheduler = doors.scheduler();
        this.counts = counts;
        this.lastCorrelation = firstCorrelation;
        this.sender = sender;
    }

    Channel channel(String name) {
        int id = idOf(name);
        NamedChannel channel = channels.computeIfAbsent(id, one -> new NamedChannel(name, id));
        if (!channel.name.equals(name)) {
            throw new IllegalArgumentException(
                    "channel " + name + " has the id of channel " + channel.name + ": choose another name");
        }
        return channel;
    }

    /** Takes a whole datagram from another peer, or from this one. */
    void deliver(PeerId from, Priority priority, Bytes datagram) {
        Optional<Envelope> decoded = Envelope.decode(datagram);
        if (decoded.isEmpty()) {
            counts.messagesUnheard++;
            return;
        }
        Envelope envelope = decoded.get();
        switch (envelope.kind()) {
            case MESSAGE -> {
                NamedChannel channel = channels.get(envelope.channel());
                if (channel != null && channel.receiver != null) {
                    channel.receiver.received(from, envelope.payload());
                } else {
                    counts.messagesUnheard++;
                }
            }
            case REQUEST -> called(from, priority, envelope);
            case ANSWER -> ended(from, envelope, new CallOutcome.Reply(envelope.payload()));
            case REFUSAL ->
                ended(
                        from,
                        envelope,
                        new CallOutcome.Failed(
                                Reason.REFUSED, envelope.payload().toUtf8()));
        }
    }

    /** Ends calls whose time is over. */
    void expire() {
        long now = clock.nanos();
        fail(call -> now - call.deadlineNanos >= 0, Reason.TIMED_OUT, "no answer in time");
    }

    /** Ends the calls to peers that have become unreachable: an answer could not come back. */
    void failCallsTo(Predicate<PeerId> gone) {
        fail(call -> gone.test(call.to), Reason.PEER_GONE, "the peer became unreachable");
    }

    void stop() {
        stopped = true;
        fail(call -> true, Reason.STOPPED, "this mesh was stopped");
    }

    static int idOf(String channelName) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(Bytes.utf8(channelName).toArray());
            return ((hash[0] & 0xff) << 24) | ((hash[1] & 0xff) << 16) | ((hash[2] & 0xff) << 8) | (hash[3] & 0xff);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }

    private void called(PeerId from, Priority priority, Envelope envelope) {
        OneReply reply = new OneReply(from, priority, envelope);
        NamedChannel channel = channels.get(envelope.channel());
        if (channel == null || channel.responder == null) {
            reply.refuse("nobody answers on this channel");
        } else {
            channel.responder.called(from, envelope.payload(), reply);
        }
    }

    private void ended(PeerId from, Envelope envelope, CallOutcome outcome) {
        Pending call = pending.get(envelope.correlation());
        if (call != null && call.to.equals(from)) {
            pending.remove(envelope.correlation());
            call.done.accept(outcome);
        }
    }

    private void fail(Predicate<Pending> which, Reason reason, String detail) {
        List<Pending> failed = new ArrayList<>();
        pending.values().removeIf(call -> which.test(call) && failed.add(call));
        failed.forEach(call -> call.done.accept(new CallOutcome.Failed(reason, detail)));
    }

    private SendOutcome send(Datagram datagram, boolean awaited) {
        if (stopped) {
            return SendOutcome.NO_ROUTE;
        }
        if (!datagram.destination().equals(self)) {
            return sender.send(datagram, awaited);
        }
        if (datagram.body().size() > sizes.datagramMax()) {
            return SendOutcome.TOO_LARGE;
        }
        Bytes whole = datagram.head().concat(datagram.body());
        scheduler.execute(() -> deliver(self, datagram.priority(), whole));
        return SendOutcome.SENT;
    }

    private void call(Datagram request, long correlation, Pending call) {
        if (stopped || pending.size() >= sizes.callsOutstanding()) {
            Reason reason = stopped ? Reason.STOPPED : Reason.TOO_MANY_CALLS;
            failLater(call, reason, pending.size() + " calls are out");
            return;
        }
        SendOutcome outcome = send(request, false);
        switch (outcome) {
            case SENT -> pending.put(correlation, call);
            case NO_ROUTE -> failLater(call, Reason.NO_ROUTE, "no two-way path");
            case WOULD_BLOCK -> failLater(call, Reason.WOULD_BLOCK, "the queue is full");
            case TOO_LARGE -> failLater(call, Reason.TOO_LARGE, "at most " + sizes.datagramMax() + " bytes");
            case PEER_GONE -> failLater(call, Reason.PEER_GONE, "no record of this peer");
        }
    }

    private void failLater(Pending call, Reason reason, String detail) {
        scheduler.execute(() -> call.done.accept(new CallOutcome.Failed(reason, detail)));
    }

    /** One channel of this peer. */
    private final class NamedChannel implements Channel {
        private final String name;
        private final int id;
        private final Bytes messageHead;
        private @Nullable Receiver receiver;
        private @Nullable Responder responder;

        NamedChannel(String name, int id) {
            this.name = name;
            this.id = id;
            this.messageHead = Envelope.head(Envelope.Kind.MESSAGE, id, 0);
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public SendOutcome send(PeerId to, Priority priority, Bytes payload, int supersedeKey) {
            return Conversations.this.send(new Datagram(to, priority, id, supersedeKey, messageHead, payload), false);
        }

        @Override
        public void call(PeerId to, Priority priority, Bytes request, long timeoutNanos, Consumer<CallOutcome> done) {
            long correlation = ++lastCorrelation;
            Bytes head = Envelope.head(Envelope.Kind.REQUEST, id, correlation);
            Conversations.this.call(
                    new Datagram(to, priority, id, NEVER_SUPERSEDED, head, request),
                    correlation,
                    new Pending(to, clock.nanos() + timeoutNanos, done));
        }

        @Override
        public void onMessage(Receiver newReceiver) {
            receiver = newReceiver;
        }

        @Override
        public void onCall(Responder newResponder) {
            responder = newResponder;
        }
    }

    /** The way back to a caller, used once. */
    private final class OneReply implements Channel.Reply {
        private final PeerId caller;
        private final Priority priority;
        private final Envelope request;
        private boolean used;

        OneReply(PeerId caller, Priority priority, Envelope request) {
            this.caller = caller;
            this.priority = priority;
            this.request = request;
        }

        @Override
        public void send(Bytes payload) {
            answer(Envelope.Kind.ANSWER, payload);
        }

        @Override
        public void refuse(String reason) {
            answer(Envelope.Kind.REFUSAL, Bytes.utf8(reason));
        }

        private void answer(Envelope.Kind kind, Bytes payload) {
            if (used) {
                return;
            }
            used = true;
            Bytes head = Envelope.head(kind, request.channel(), request.correlation());
            Datagram datagram =
                    new Datagram(caller, priority, request.channel(), Channel.NEVER_SUPERSEDED, head, payload);
            SendOutcome outcome = Conversations.this.send(datagram, true);
            if (outcome == SendOutcome.TOO_LARGE) {
                used = false;
                refuse("the answer has " + payload.size() + " bytes, at most " + sizes.datagramMax());
            }
        }
    }
}
