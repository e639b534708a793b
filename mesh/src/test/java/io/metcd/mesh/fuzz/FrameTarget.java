package io.metcd.mesh.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.base.Signer;
import io.metcd.mesh.PeerFacts;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.gossip.Gossip;
import io.metcd.mesh.topology.LinkClaims;
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
import io.metcd.mesh.wire.RecordCodec;
import io.metcd.mesh.wire.RouteError;
import io.metcd.mesh.wire.SourceRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** A frame from a neighbour. */
final class FrameTarget implements Target {
    private static final Profile.Sizes SIZES = Profile.LAN.sizes();
    private static final Signer SELF = new Toy(Bytes.of(1));
    private static final PeerId ID = PeerId.of(SELF.publicKey());
    private static final long LINK = 1;
    private static final Bytes NO_BUCKETS =
            Bytes.of(FrameType.BUCKETS.firstByte(0)).concat(Bytes.wrap(new byte[512]));

    /** A record's objects and its place in maps; the same of one version, and of an id that is asked for. */
    private static final int RECORD_ENTRY = 3 << 10;

    private static final int VERSION_ENTRY = 96;
    private static final int WANT_ENTRY = 16;

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
                NO_BUCKETS,
                Bytes.of(FrameType.RECORDS.firstByte(0), 3, 1, 2, 3),
                Bytes.of(FrameType.RECORDS.firstByte(0)).concat(Bytes.wrap(new byte[4_000]))));
        for (Envelope.Kind kind : Envelope.Kind.values()) {
            Datagram datagram =
                    new Datagram(ID, Priority.DATA, 7, 0, Envelope.head(kind, 7, 8), Bytes.utf8("some payload"));
            frames.addAll(cut(Outgoing.datagram(datagram, Bytes.EMPTY, 9), 1 << 10));
            frames.addAll(cut(Outgoing.datagram(datagram, route, 10), 8));
            frames.addAll(cut(Outgoing.sealed(datagram, route, 11, Bytes.wrap(new byte[40])), 32));
        }
        return frames;
    }

    @Override
    public Load load(Bytes input) {
        FrameType type = input.isEmpty() ? null : FrameType.find(input);
        if (type == FrameType.RECORDS) {
            return new Load(input.size(), (long) RECORD_ENTRY * records(input));
        }
        if (type == FrameType.VERSIONS) {
            return new Load(input.size(), VERSION_ENTRY * (input.size() / 25L));
        }
        return type == FrameType.WANT ? new Load(input.size(), WANT_ENTRY * (input.size() / 8L)) : Load.of(input);
    }

    @Override
    public Supplier<String> reading(Bytes input) {
        Reassembly reassembly = new Reassembly(SIZES);
        ByteBudget.Share link = new ByteBudget(Profile.LAN.queues().meshBytes()).share();
        Gossip gossip = gossip();
        return () -> {
            FrameType type = FrameType.find(input);
            if (type == null) {
                return "unknown";
            }
            switch (type) {
                case HEARTBEAT -> Heartbeat.decode(input);
                case DATAGRAM -> {
                    Frame frame = Frame.read(type, input, SIZES);
                    Optional<Bytes> whole = frame.fragment().isEmpty()
                            ? Optional.of(frame.body())
                            : reassembly.add(link, LINK, frame, 0);
                    whole.ifPresent(Envelope::decode);
                }
                case ROUTE_ERROR ->
                    RouteError.decode(Frame.read(type, input, SIZES).body());
                case RECORDS, BUCKETS, VERSIONS, WANT -> {
                    gossip.receive(type, LINK, input, 0);
                    gossip.verifySome(8, 0);
                }
            }
            return type.name();
        };
    }

    @Override
    public void laws(Bytes input) {
        FrameType type = FrameType.find(input);
        if (type == null) {
            return;
        }
        switch (type) {
            case HEARTBEAT -> {
                Heartbeat heartbeat = Heartbeat.decode(input);
                assertThat(Heartbeat.decode(heartbeat.encode())).isEqualTo(heartbeat);
            }
            case DATAGRAM -> {
                Frame frame = Frame.read(type, input, SIZES);
                isItsBytes(frame, input);
                if (frame.fragment().isEmpty()) {
                    Envelope.decode(frame.body()).ifPresent(FrameTarget::isItsBytes);
                }
            }
            case ROUTE_ERROR -> {
                Frame frame = Frame.read(type, input, SIZES);
                isItsBytes(frame, input);
                RouteError error = RouteError.decode(frame.body());
                assertThat(frame.body().startsWith(error.content())).isTrue();
            }
            case RECORDS, BUCKETS, VERSIONS, WANT -> {
                // What becomes of them depends on what is held: see the other target.
            }
        }
    }

    private static void isItsBytes(Envelope envelope) {
        Bytes again = Envelope.head(envelope.kind(), envelope.channel(), envelope.correlation())
                .concat(envelope.payload());
        assertThat(Envelope.decode(again)).contains(envelope);
    }

    private static void isItsBytes(Frame frame, Bytes input) {
        assertThat(input.slice(input.size() - frame.body().size(), input.size()))
                .isEqualTo(frame.body());
        frame.fragment()
                .ifPresent(part -> assertThat(part.index()).isNotNegative().isLessThan(part.count()));
        frame.route().ifPresent(route -> {
            Bytes encoded = route.encode();
            assertThat(input.slice(2, 2 + encoded.size())).isEqualTo(encoded);
            assertThat(route.relays()).isLessThan(SIZES.hopBudget());
            for (int i = 0; i < route.relays(); i++) {
                assertThat(route.visited(route.after(i), i + 1)).as("circle").isFalse();
            }
            Frame repaired = Frame.read(frame.type(), frame.repairedTo(route), SIZES);
            assertThat(repaired.repaired()).isTrue();
            assertThat(repaired.body()).isEqualTo(frame.body());
            assertThat(repaired.fragment()).isEqualTo(frame.fragment());
            assertThat(repaired.sealed()).isEqualTo(frame.sealed());
            assertThat(repaired.priority()).isEqualTo(frame.priority());
        });
    }

    /** How many whole records a frame has, up to the first that is none. */
    private static int records(Bytes frame) {
        ByteReader reader = new ByteReader(frame);
        reader.u8();
        int records = 0;
        try {
            while (reader.hasRemaining()) {
                RecordCodec.decode(reader.bytes());
                records++;
            }
        } catch (Malformed end) {
            return records + 1;
        }
        return records;
    }

    /** One that has asked its neighbour, and has been asked. */
    private static Gossip gossip() {
        Gossip gossip = new Gossip(ID, Profile.LAN, SELF, (to, frame) -> true, new Silent());
        gossip.linkOpened(LINK, higherThanSelf(), 0);
        PeerRecord own = new PeerRecord(
                ID,
                SELF.publicKey(),
                1,
                1,
                PeerRecord.Standing.RELAY,
                PeerFacts.named("self"),
                List.of(),
                LinkClaims.NONE);
        gossip.publish(RecordCodec.sign(own, SELF), 0);
        gossip.receive(FrameType.BUCKETS, LINK, NO_BUCKETS, 0);
        return gossip;
    }

    private static PeerId higherThanSelf() {
        int key = 2;
        while (PeerId.of(Bytes.of(key)).compareTo(ID) < 0) {
            key++;
        }
        return PeerId.of(Bytes.of(key));
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

    private static final class Silent implements Gossip.Listener {
        @Override
        public void changed(PeerRecord record, Optional<PeerRecord> before) {
            throw new IllegalStateException("nobody signed that");
        }

        @Override
        public void ghost(PeerRecord ghost) {
            throw new IllegalStateException("nobody signed that");
        }

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
