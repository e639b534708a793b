package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.mesh.CallOutcome;
import io.metcd.mesh.Channel;
import io.metcd.mesh.Mesh;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.SendOutcome;
import io.metcd.mesh.TopologyView;
import io.metcd.raft.Message;
import io.metcd.raft.codec.MessageCodec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Consensus on the mesh. All messages of a turn for one member travel in one packet; every packet and every call
 * carries the cluster's id, and what is of another cluster, or from a peer that is not the member it says, is dropped
 * and counted.
 *
 * <pre>
 * packet:  format u8, cluster u64, then each message: size varint, bytes
 * call:    format u8, cluster u64, kind u8, then what the kind defines
 * </pre>
 */
final class RaftChannel {
    static final String NAME = "raft";
    private static final int FORMAT = 1;
    /** Of a packet, with the size of its first message. */
    private static final int HEADER_BYTES = 24;

    private static final long CALL_NANOS_MIN = 250_000_000L;
    /** A large answer is the last in every queue; who asks again too soon gets it twice, and later still. */
    private static final long BULK_CALL_NANOS_MIN = 5_000_000_000L;

    /** What members ask each other. The codes are part of the packets. */
    enum Kind {
        PROPOSE(1),
        LEASES(2),
        /** A piece of a state. */
        SNAPSHOT(3),
        /** Which states there are. */
        SNAPSHOTS(4);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** Answers calls of one kind, on the replica's thread. */
    interface Answerer {
        void asked(long member, ByteReader request, Channel.Reply reply);
    }

    private final Mesh mesh;
    private final Clock clock;
    private final Channel channel;
    private final Mailbox mailbox;
    private final Limits limits;
    private final Membership membership;
    private final long clusterId;
    private final Consumer<Message> receiver;
    private final TreeMap<Kind, Answerer> answerers = new TreeMap<>();
    private final TreeMap<Kind, Patience> patiences = new TreeMap<>();
    private boolean closed;

    private long sent;
    private long received;
    private long dropped;
    private long foreign;
    private long malformed;
    /** Counted on the mesh's thread. */
    private final AtomicLong refused = new AtomicLong();

    RaftChannel(Surroundings around, Limits limits, Membership membership, Consumer<Message> receiver) {
        this.mesh = around.mesh();
        this.clock = around.clock();
        this.channel = mesh.channel(NAME);
        this.mailbox = around.mailbox();
        this.limits = limits;
        this.membership = membership;
        this.clusterId = membership.identity().clusterId();
        this.receiver = receiver;
    }

    long sent() {
        return sent;
    }

    long received() {
        return received;
    }

    long dropped() {
        return dropped;
    }

    long foreign() {
        return foreign;
    }

    /** Packets and calls for which the mailbox had no room. */
    long refused() {
        return refused.get();
    }

    long malformed() {
        return malformed;
    }

    void answer(Kind kind, Answerer answerer) {
        answerers.put(kind, answerer);
    }

    /** Begins to receive. */
    void open() {
        channel.onMessage(this::packetArrived);
        channel.onCall(this::callArrived);
    }

    /** What still comes is ignored. */
    void close() {
        closed = true;
    }

    /** Sends each member what it gets, in as few packets as possible. */
    void send(List<Message> messages) {
        List<Message> byMember = messages;
        if (messages.size() > 1) {
            byMember = new ArrayList<>(messages);
            byMember.sort(Comparator.comparingLong(Message::to)); // stable: each member's stay in their order
        }
        int first = 0;
        for (int i = 1; i <= byMember.size(); i++) {
            long member = byMember.get(first).to();
            if (i == byMember.size() || byMember.get(i).to() != member) {
                send(member, byMember.subList(first, i));
                first = i;
            }
        }
    }

    private void send(long member, List<Message> messages) {
        Optional<PeerId> peer = membership.peer(member);
        if (peer.isPresent()) {
            send(peer.get(), newest(messages));
        } else {
            dropped++;
        }
    }

    /** Calls a member; {@code done} runs on the replica's thread, with nothing when no answer came. */
    void call(long member, Kind kind, Priority priority, Bytes request, Consumer<Optional<Bytes>> done) {
        Optional<PeerId> peer = membership.peer(member);
        if (peer.isEmpty()) {
            mailbox.post(() -> done.accept(Optional.empty()));
            return;
        }
        ByteWriter writer = header(request.size() + 16).u8(kind.code).raw(request);
        Patience patience = patiences.computeIfAbsent(
                kind, each -> new Patience(priority == Priority.BULK ? BULK_CALL_NANOS_MIN : CALL_NANOS_MIN));
        long limit = patience.nanos(roundTripNanos(peer.get()));
        long asked = clock.nanos();
        channel.call(
                peer.get(),
                priority,
                writer.toBytes(),
                limit,
                outcome -> mailbox.post(() -> {
                    if (!closed) {
                        done.accept(reply(outcome, patience, new Asked(asked, limit)));
                    }
                }));
    }

    /** Drops those that a later one in the list makes superfluous. */
    private static List<Message> newest(List<Message> messages) {
        if (messages.size() == 1) {
            return messages;
        }
        List<Message> kept = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            int key = messages.get(i).supersedes();
            boolean superseded = false;
            for (int later = i + 1; key != 0 && later < messages.size() && !superseded; later++) {
                superseded = messages.get(later).supersedes() == key;
            }
            if (!superseded) {
                kept.add(messages.get(i));
            }
        }
        return kept;
    }

    private void send(PeerId peer, List<Message> messages) {
        if (supersedeAll(messages)) {
            for (Message message : messages) {
                Bytes encoded = MessageCodec.encode(message);
                transmit(peer, packet(encoded), message.supersedes());
            }
            return;
        }
        int at = 0;
        Bytes encoded = MessageCodec.encode(messages.get(at));
        while (at < messages.size()) {
            ByteWriter packet = packet(encoded);
            for (at++; at < messages.size(); at++) {
                encoded = MessageCodec.encode(messages.get(at));
                if (packet.size() + encoded.size() > limits.packetBytesMax()) {
                    break;
                }
                packet.bytes(encoded);
            }
            transmit(peer, packet, Channel.NEVER_SUPERSEDED);
        }
    }

    /** Whether each of them is of use only until a newer one comes. */
    private static boolean supersedeAll(List<Message> messages) {
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).supersedes() == 0) {
                return false;
            }
        }
        return true;
    }

    private ByteWriter packet(Bytes first) {
        return header(HEADER_BYTES + first.size()).bytes(first);
    }

    private void transmit(PeerId peer, ByteWriter packet, int supersedeKey) {
        Priority priority = packet.size() <= limits.consensusBytesMax() ? Priority.CONSENSUS : Priority.DATA;
        SendOutcome outcome = channel.send(peer, priority, packet.toBytes(), supersedeKey);
        if (outcome == SendOutcome.SENT) {
            sent++;
        } else {
            dropped++;
        }
    }

    private ByteWriter header(int expectedSize) {
        return new ByteWriter(expectedSize).u8(FORMAT).u64(clusterId);
    }

    /** When a call was made, and how long its answer is waited for. */
    private record Asked(long nanos, long limit) {}

    private Optional<Bytes> reply(CallOutcome outcome, Patience patience, Asked asked) {
        if (outcome instanceof CallOutcome.Reply answer) {
            patience.answered(clock.nanos() - asked.nanos);
            return Optional.of(answer.payload());
        }
        if (outcome instanceof CallOutcome.Failed failed && failed.reason() == CallOutcome.Reason.TIMED_OUT) {
            patience.lost(asked.limit);
        }
        return Optional.empty();
    }

    private long roundTripNanos(PeerId peer) {
        return mesh.topology().peer(peer).map(TopologyView.PeerView::rttNanos).orElse(0L);
    }

    /** On the mesh's thread: decodes there, so that a member's own thread only ever sees messages. */
    private void packetArrived(PeerId from, Bytes payload) {
        try {
            ByteReader reader = new ByteReader(payload);
            if (reader.u8() != FORMAT || reader.u64() != clusterId) {
                post(() -> foreign++);
                return;
            }
            List<Message> messages = new ArrayList<>(4);
            while (reader.hasRemaining()) {
                messages.add(MessageCodec.decode(reader.bytes()));
            }
            post(() -> receive(from, messages));
        } catch (ByteReader.Malformed damaged) {
            post(() -> malformed++);
        }
    }

    private boolean post(Mailbox.Letter letter) {
        boolean fits = mailbox.offer(letter);
        if (!fits) {
            refused.incrementAndGet();
        }
        return fits;
    }

    private void receive(PeerId from, List<Message> messages) {
        if (closed) {
            return;
        }
        long member = membership.member(from);
        received++;
        for (Message message : messages) {
            if (member == 0 || message.from() != member || message.to() != membership.self()) {
                foreign++;
            } else {
                receiver.accept(message);
            }
        }
    }

    private void callArrived(PeerId from, Bytes request, Channel.Reply reply) {
        if (!post(() -> answer(from, request, reply))) {
            reply.refuse("busy");
        }
    }

    private void answer(PeerId from, Bytes request, Channel.Reply reply) {
        long member = membership.member(from);
        try {
            ByteReader reader = new ByteReader(request);
            boolean ours = reader.u8() == FORMAT && reader.u64() == clusterId && member != 0;
            if (closed || !ours) {
                foreign++;
                reply.refuse("another cluster");
                return;
            }
            int code = reader.u8();
            for (Kind kind : answerers.keySet()) {
                if (kind.code == code) {
                    answerers.get(kind).asked(member, reader, reply);
                    return;
                }
            }
            reply.refuse("unknown kind of call");
        } catch (ByteReader.Malformed damaged) {
            malformed++;
            reply.refuse("malformed");
        }
    }
}
