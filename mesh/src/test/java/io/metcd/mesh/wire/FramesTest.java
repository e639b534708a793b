package io.metcd.mesh.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;
import io.metcd.mesh.PeerId;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.testkit.Property;
import io.metcd.testkit.Transcript;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FramesTest {
    private static final Profile.Sizes SIZES = Profile.LAN.sizes();

    @TestFactory
    Stream<DynamicTest> bytesAreAsRecorded() {
        return Transcript.folder("frames", FramesStage::new);
    }

    @Test
    void headersStaySmall() {
        Datagram datagram = new Datagram(
                new PeerId(Bytes.wrap(new byte[PeerId.SIZE])),
                Priority.CONSENSUS,
                1,
                0,
                Envelope.head(Envelope.Kind.REQUEST, 1, 1_000_000),
                Bytes.utf8("x"));
        Bytes oneRelay = new SourceRoute(1, 2, new long[] {3}).encode();

        Bytes direct = Outgoing.datagram(datagram, Bytes.EMPTY, 9).nextFrame(SIZES.chunkBytes());
        Bytes relayed = Outgoing.datagram(datagram, oneRelay, 9).nextFrame(SIZES.chunkBytes());

        assertThat(direct.size() - 1).isLessThanOrEqualTo(10);
        assertThat(relayed.size() - 1).isLessThanOrEqualTo(40);
    }

    @Test
    void everyTruncationOfHeaderIsRefused() {
        Bytes body = Bytes.utf8("twelve bytes");
        Bytes route = new SourceRoute(1, 2, new long[] {3, 4}).encode();
        Datagram datagram =
                new Datagram(new PeerId(Bytes.wrap(new byte[PeerId.SIZE])), Priority.DATA, 1, 0, Bytes.EMPTY, body);
        Bytes frame = Outgoing.datagram(datagram, route, 300).nextFrame(6);
        int header = frame.size() - 6;

        for (int size = 1; size < header; size++) {
            Bytes cut = frame.slice(0, size);
            assertThatThrownBy(() -> Frame.read(FrameType.of(cut), cut, SIZES)).isInstanceOf(Malformed.class);
        }
        assertThat(Frame.read(FrameType.DATAGRAM, frame, SIZES).body()).isEqualTo(body.slice(0, 6));
    }

    @Test
    void routesThatTurnBackOrExceedTheBudgetAreRefused() {
        long[][] circles = {{1}, {2}, {3, 3}, {3, 4, 3}};

        for (long[] relays : circles) {
            assertThatThrownBy(() -> readRouted(new SourceRoute(1, 2, relays))).isInstanceOf(Malformed.class);
        }
        assertThatThrownBy(() -> readRouted(new SourceRoute(1, 1, new long[0]))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> readRouted(new SourceRoute(100, 200, distinct(16))))
                .isInstanceOf(Malformed.class);
        assertThat(readRouted(new SourceRoute(100, 200, distinct(15))).route()).isPresent();
    }

    @Test
    void repairedFrameKeepsBodyAndWayBehindItself() {
        Frame frame = readRouted(new SourceRoute(1, 9, new long[] {2, 3, 4}));

        SourceRoute bent = frame.route().orElseThrow().bend(1, new SourceRoute(3, 9, new long[] {7, 8}));
        Frame repaired = Frame.read(FrameType.DATAGRAM, frame.repairedTo(bent), SIZES);

        assertThat(repaired.repaired()).isTrue();
        assertThat(repaired.body()).isEqualTo(frame.body());
        SourceRoute route = repaired.route().orElseThrow();
        assertThat(route.encode()).isEqualTo(new SourceRoute(1, 9, new long[] {2, 3, 7, 8}).encode());
        assertThat(route.after(route.position(3))).isEqualTo(7);
    }

    @Test
    void garbageIsRefusedAsMalformedAndNothingElse() {
        Property.check(2000, random -> {
            byte[] noise = random.bytes(random.nextInt(80) + 1).toArray();
            noise[0] = (byte) ((random.nextInt(10) << 4) | (noise[0] & 0x0f));
            Bytes frame = Bytes.wrap(noise);
            try {
                FrameType type = FrameType.of(frame);
                if (type == FrameType.HEARTBEAT) {
                    Heartbeat.decode(frame);
                } else {
                    Envelope.decode(Frame.read(type, frame, SIZES).body());
                }
            } catch (Malformed expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        });
    }

    private static long[] distinct(int count) {
        long[] relays = new long[count];
        for (int i = 0; i < count; i++) {
            relays[i] = 10L + i;
        }
        return relays;
    }

    private static Frame readRouted(SourceRoute route) {
        Bytes encoded = new Frame(
                        FrameType.DATAGRAM,
                        Priority.DATA,
                        Optional.of(route),
                        Optional.empty(),
                        false,
                        false,
                        Bytes.utf8("body"))
                .repairedTo(route);
        return Frame.read(FrameType.DATAGRAM, encoded, SIZES);
    }
}
