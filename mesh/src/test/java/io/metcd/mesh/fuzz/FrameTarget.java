package io.metcd.mesh.fuzz;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.gossip.Gossip;
import io.metcd.mesh.topology.PeerRecord;
import io.metcd.mesh.wire.ByteBudget;
import io.metcd.mesh.wire.Datagram;
import io.metcd.mesh.wire.Envelope;
import io.metcd.mesh.wire.Frame;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Heartbeat;
import io.metcd.mesh.wire.LinkQueues;
import io.metcd.mesh.wire.Outgoing;
import io.metcd.mesh.wire.Reassembly;
import io.metcd.mesh.wire.RouteError;
import io.metcd.mesh.wire.SourceRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A frame from a neighbour. */
final class FrameTarget implements Target {
    private static final Profile.Sizes SIZES = Profile.LAN.sizes();
    private static final PeerId SELF = PeerId.of(Bytes.of(1));
    private final ByteBudget.Share link = new ByteBudget(Profile.LAN.queues().meshBytes()).share();
    private final Reassembly reassembly = new Reassembly(SIZES);
    private final Gossip gossip = new Gossip(SELF, Profile.LAN, NOBODY, (to, frame) -> true, new Silent());
    private long now;

    FrameTarget() {
        gossip.linkOpened(1, PeerId.of(Bytes.of(2)), 0);
    }

    @Override
    public String name() {
        return "frames";
    }

    @Override
    public List<Bytes> genuine() {
        Bytes route = new SourceRoute(1, 2, new long[] {3, 4}).encode();
        List<Bytes> frames = new ArrayList<>(List.of(
                new Heartbeat(1, 2, 3, 4, 5).encode(),
                Bytes.of(FrameType.DATAGRAM.firstByte(2), 2, 9, 0xff, 0xff, 0x03, 0, 1),
                new RouteError(5, 6).encode(Bytes.EMPTY),
                new RouteError(5, 6).encode(route),
                Bytes.of(FrameType.WANT.firstByte(0), 0, 0, 0, 0, 0, 0, 0, 9),
                Bytes.of(FrameType.VERSIONS.firstByte(0)).concat(Bytes.wrap(new byte[8 + 25])),
                Bytes.of(FrameType.BUCKETS.firstByte(0)).concat(Bytes.wrap(new byte[512])),
                Bytes.of(FrameType.RECORDS.firstByte(0), 3, 1, 2, 3)));
        for (Envelope.Kind kind : Envelope.Kind.values()) {
            Datagram datagram =
                    new Datagram(SELF, Priority.DATA, 7, 0, Envelope.head(kind, 7, 8), Bytes.utf8("some payload"));
            frames.addAll(cut(Outgoing.datagram(datagram, Bytes.EMPTY, 9), 1 << 10));
            frames.addAll(cut(Outgoing.datagram(datagram, route, 10), 8));
            frames.addAll(cut(Outgoing.sealed(datagram, route, 11, Bytes.wrap(new byte[40])), 32));
        }
        return frames;
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        return () -> read(input);
    }

    private String read(Bytes input) {
        FrameType type = FrameType.find(input);
        if (type == null) {
            return "unknown";
        }
        now += SIZES.reassemblyNanos() / 100;
        reassembly.expire(now);
        switch (type) {
            case HEARTBEAT -> Heartbeat.decode(input);
            case DATAGRAM, ROUTE_ERROR -> routed(type, input);
            case RECORDS, BUCKETS, VERSIONS, WANT -> {
                gossip.receive(type, 1, input, now);
                gossip.verifySome(8, now);
            }
        }
        return type.name();
    }

    private void routed(FrameType type, Bytes input) {
        Frame frame = Frame.read(type, input, SIZES);
        if (type == FrameType.ROUTE_ERROR) {
            RouteError.decode(frame.body());
            return;
        }
        Optional<Bytes> whole =
                frame.fragment().isEmpty() ? Optional.of(frame.body()) : reassembly.add(link, 1, frame, now);
        whole.ifPresent(Envelope::decode);
    }

    private static List<Bytes> cut(Outgoing outgoing, int chunk) {
        LinkQueues queues = new LinkQueues(Profile.LAN.queues(), chunk, new ByteBudget(1 << 20));
        queues.offer(outgoing);
        List<Bytes> frames = new ArrayList<>();
        while (!queues.isEmpty()) {
            frames.add(queues.next(true));
        }
        return frames;
    }

    /** Whose records nobody believes. */
    private static final Signer NOBODY = new Signer() {
        @Override
        public Bytes publicKey() {
            return Bytes.of(1);
        }

        @Override
        public Bytes sign(Bytes message) {
            return Bytes.wrap(new byte[SIGNATURE_SIZE]);
        }

        @Override
        public boolean verify(Bytes key, Bytes message, Bytes signature) {
            return false;
        }
    };

    private static final class Silent implements Gossip.Listener {
        @Override
        public void changed(PeerRecord record, Optional<PeerRecord> before) {
            throw new Malformed("nobody signed that");
        }

        @Override
        public void ghost(PeerRecord ghost) {}

        @Override
        public void forgotten(PeerRecord record) {}

        @Override
        public void owing() {}

        @Override
        public void unverified() {}

        @Override
        public void forged(long link, String what) {}
    }
}
