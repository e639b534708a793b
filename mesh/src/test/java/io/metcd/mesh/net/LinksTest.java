package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.Priority;
import io.metcd.mesh.Profile;
import io.metcd.mesh.net.PeerAddress.Carrier;
import io.metcd.mesh.wire.FrameType;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every carrier of links does alike, each on real sockets of loopback: whoever adds a carrier adds it here. */
@ParameterizedClass
@EnumSource(Carrier.class)
class LinksTest {
    private static final GroupKey OTHER_KEY = GroupKey.of(Bytes.utf8("another key of thirty-two bytes!"));

    private final Carrier carrier;
    private final List<AutoCloseable> opened = new ArrayList<>();

    LinksTest(Carrier carrier) {
        this.carrier = carrier;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable peer : opened) {
            peer.close();
        }
    }

    @Test
    void twoPeersConnectAndExchangeFrames() {
        Peer a = peer(named("a"));
        Peer b = peer(named("b").outboundOnly());

        b.dial(a.address());
        Peer.Opened atB = b.await(Peer.Opened.class);
        Peer.Opened atA = a.await(Peer.Opened.class);

        assertThat(atB.opened().attempt()).isEqualTo(7);
        assertThat(atB.opened().remoteKey()).isEqualTo(a.identity.publicKey());
        assertThat(Hello.decode(atB.opened().remoteHello()).name()).isEqualTo("a");
        assertThat(atB.opened().observedAddress()).isEqualTo(a.address());
        assertThat(atA.opened().attempt()).isZero();
        assertThat(atA.opened().remoteKey()).isEqualTo(b.identity.publicKey());
        b.send(atB.opened().link(), Bytes.utf8("ping"), Bytes.EMPTY, Bytes.utf8("again"));
        assertThat(frames(a, 3)).containsExactly(Bytes.utf8("ping"), Bytes.EMPTY, Bytes.utf8("again"));
        a.send(atA.opened().link(), Bytes.utf8("pong"));
        assertThat(frames(b, 1)).containsExactly(Bytes.utf8("pong"));
    }

    @Test
    void framesSentFromInsideTheOpeningArriveBehindTheHandshake() {
        Pair pair = pair();
        List<Bytes> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            sent.add(Bytes.copyOf(new byte[i * 3]));
        }

        pair.b.send(pair.atB, sent.toArray(new Bytes[0]));

        assertThat(frames(pair.a, sent.size())).isEqualTo(sent);
    }

    @Test
    void aNameIsLookedUpAndEveryAddressTried() {
        Peer a = peer(named("a"));
        Peer b = peer(named("b").outboundOnly());

        b.dial(at("localhost:" + a.port()));

        assertThat(b.await(Peer.Opened.class).opened().remoteKey()).isEqualTo(a.identity.publicKey());
    }

    /** A headless service is such a name. */
    @Test
    void aNameThatStandsForThisPeerTooLeadsToTheOther() {
        NameServer names = new NameServer();
        opened.add(names);
        Peer a = peer(named("a").nameServers(names::provider));
        Peer b = peer(named("b").at(new PeerAddress(carrier, new HostPort("127.0.0.2", a.port()))));
        names.host("peers.example", "127.0.0.1", "127.0.0.2");

        for (int i = 0; i < 8; i++) {
            a.dial(at("peers.example:" + a.port()));

            Peer.Opened opened =
                    a.await(Peer.Opened.class, link -> link.opened().attempt() == 7);
            assertThat(opened.opened().remoteKey()).isEqualTo(b.identity.publicKey());
        }
    }

    @Test
    void aNameThatStandsForThisPeerAloneSaysSo() {
        NameServer names = new NameServer();
        opened.add(names);
        Peer a = peer(named("a").nameServers(names::provider));
        names.host("peers.example", "127.0.0.1");

        a.dial(at("peers.example:" + a.port()));

        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith("own identity");
    }

    @Test
    void aWrongPasswordIsRefusedInWordsOnBothSides() {
        Peer a = peer(named("a"));
        Peer b = peer(named("b").security(Security.of(OTHER_KEY)));

        b.dial(a.address());

        String words = "wrong password: this peer's and the other's differ: give both the same --password-file";
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo(words);
        assertThat(a.awaitRefused()).isEqualTo(new MeshServer.RefusedPeer("127.0.0.1", words, 1));
    }

    @Test
    void aMissingPasswordIsRefusedInWordsOnBothSides() {
        Peer a = peer(named("a"));
        Peer b = peer(named("b").security(Security.none()));

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith("wrong password: this peer has none");
        assertThat(a.awaitRefused().reason()).startsWith("wrong password: this peer has one and the other has none");
    }

    @Test
    void aForeignClusterIsRefusedInWordsOnBothSides() {
        Peer a = peer(named("a").cluster("x"));
        Peer b = peer(named("b").cluster("y"));

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason())
                .startsWith("foreign cluster: this peer belongs to 'y', the other to 'x'");
        assertThat(a.awaitRefused().reason()).startsWith("foreign cluster: this peer belongs to 'x', the other to 'y'");
    }

    @Test
    void aPeerThatDialsItselfSaysSo() {
        Peer a = peer(named("a"));

        a.dial(a.address());

        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith("own identity: dialled ourselves");
    }

    @Test
    void aDialThatNobodyAnswersSaysWhy() {
        Peer b = peer(named("b").outboundOnly());
        Peer gone = peer(named("gone"));
        int free = gone.port();
        gone.close();
        opened.remove(gone);

        b.dial(at("127.0.0.1:" + free));
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo("connection refused: nothing listens there");
        b.dial(at("x".repeat(64) + ".invalid:2380"));
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo("unknown host name");
        b.dial(at("2380"));
        assertThat(b.await(Peer.DialFailed.class).reason())
                .isEqualTo("'2380' is no address: HOST:PORT is wanted, e.g. 10.0.0.7:2380");
    }

    @Test
    void aFrameAboveTheMaximumClosesTheLinkBeforeItIsTaken() {
        Profile.Transport small = withFrameMax(1_000);
        Peer a = peer(named("a").limits(small));
        Peer b = peer(named("b"));
        b.dial(a.address());
        long atB = b.await(Peer.Opened.class).opened().link();

        b.send(atB, Bytes.utf8("small"), Bytes.copyOf(new byte[1_001]), Bytes.utf8("never"));

        assertThat(frames(a, 1)).containsExactly(Bytes.utf8("small"));
        assertThat(a.await(Peer.Closed.class).reason()).isEqualTo("frame of 1001 bytes, at most 1000 are taken");
        assertThat(b.await(Peer.Closed.class).reason()).isIn("closed by the peer", "connection reset");
    }

    @Test
    void aClosedLinkDeliversWhatWasHandedOverFirst() {
        Pair pair = pair();

        pair.b.loop.execute(() -> {
            pair.b.links.send(pair.atB, Bytes.utf8("last words"));
            pair.b.links.close(pair.atB, "done");
            pair.b.links.send(pair.atB, Bytes.utf8("too late"));
            pair.b.links.flush(pair.atB);
        });

        assertThat(pair.b.await(Peer.Closed.class)).isEqualTo(new Peer.Closed(pair.atB, "done"));
        assertThat(frames(pair.a, 1)).containsExactly(Bytes.utf8("last words"));
        assertThat(pair.a.await(Peer.Closed.class).reason()).isEqualTo("closed by the peer");
        assertThat(pair.b.onLoop(() -> pair.b.links.unsentBytes(pair.atB))).isZero();
    }

    @Test
    void bytesThatTheNetworkDoesNotTakeAreUnsentAndThenTheLinkIsWritableAgain() {
        Pair pair = pair();
        Bytes frame = Bytes.copyOf(new byte[64 << 10]);
        // A reader that has stopped reading: the other loop is busy until the gate opens.
        CountDownLatch gate = new CountDownLatch(1);
        pair.a.loop.execute(() -> awaitUninterruptibly(gate));

        int sent = 0;
        while (pair.b.onLoop(() -> pair.b.links.unsentBytes(pair.atB)) < (1 << 20)) {
            pair.b.send(pair.atB, frame);
            sent++;
        }
        pair.b.forget();
        gate.countDown();

        int mark = Profile.LAN.transport().writableBytes();
        pair.b.await(Peer.Writable.class, writable -> writable.unsent() < mark);
        assertThat(frames(pair.a, sent)).hasSize(sent).allMatch(frame::equals);
        assertThat(pair.b.onLoop(() -> pair.b.links.unsentBytes(pair.atB))).isZero();
    }

    /** From none to the largest, of every class that must be whole; no class waits for another. */
    @Test
    void framesOfEveryClassAndSizeArriveInTheOrderOfTheirClass() {
        Pair pair = pair();
        int max = Profile.LAN.transport().frameMax();
        List<Priority> whole = List.of(Priority.CONTROL, Priority.DATA, Priority.BULK);
        List<List<Bytes>> sent = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int size : new int[] {2, 3, 100, 1_150, 1_200, 1_201, 16 << 10, 65_535, 65_536, max - 1, max}) {
            for (int i = 0; i < whole.size(); i++) {
                sent.get(i).add(frame(whole.get(i), size));
            }
        }

        for (int i = 0; i < sent.get(0).size(); i++) {
            for (List<Bytes> ofClass : sent) {
                pair.b.send(pair.atB, ofClass.get(i));
            }
        }

        List<Bytes> came = frames(pair.a, 3 * sent.get(0).size());
        for (List<Bytes> ofClass : sent) {
            assertThat(came.stream().filter(frame -> ofClass.get(0).slice(0, 2).equals(frame.slice(0, 2))))
                    .isEqualTo(ofClass);
        }
    }

    /** Rather lost than late, says consensus; on a network that loses nothing nothing is. */
    @Test
    void consensusArrivesOnceWhileTheNetworkLosesNothing() {
        Pair pair = pair();
        List<Bytes> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(frame(Priority.CONSENSUS, 2 + i * 10));
        }

        for (Bytes frame : sent) {
            pair.b.send(pair.atB, frame);
        }

        assertThat(frames(pair.a, sent.size())).containsExactlyInAnyOrderElementsOf(sent);
    }

    @Test
    void aPeerThatComesBackIsLinkedAnew() {
        Peer a = peer(named("a"));
        PeerIdentity identity = PeerIdentity.fresh();
        Peer first = new Peer(named("b").outboundOnly(), identity);
        first.dial(a.address());
        long link = a.await(Peer.Opened.class).opened().link();

        first.close();
        Peer second = new Peer(named("b").outboundOnly(), identity);
        opened.add(second);
        second.dial(a.address());

        assertThat(a.await(Peer.Closed.class).link()).isEqualTo(link);
        Peer.Opened again = a.await(Peer.Opened.class);
        assertThat(again.opened().remoteKey()).isEqualTo(identity.publicKey());
        assertThat(again.opened().link()).isNotEqualTo(link);
        second.send(second.await(Peer.Opened.class).opened().link(), Bytes.utf8("hello"));
        assertThat(frames(a, 1)).containsExactly(Bytes.utf8("hello"));
    }

    @Test
    void withoutAPasswordNothingBeyondLoopbackIsDialled() {
        Peer b = peer(named("b").security(Security.none()).outboundOnly());

        b.dial(at("192.0.2.1:2380"));

        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith("no password: 192.0.2.1:2380 is beyond");
    }

    private record Pair(Peer a, long atA, Peer b, long atB) {}

    private Pair pair() {
        Peer a = peer(named("a"));
        Peer b = peer(named("b").outboundOnly());
        b.dial(a.address());
        return new Pair(
                a,
                a.await(Peer.Opened.class).opened().link(),
                b,
                b.await(Peer.Opened.class).opened().link());
    }

    private Peer.Options named(String name) {
        return Peer.Options.named(name).over(carrier);
    }

    private String at(String place) {
        return carrier == Carrier.QUIC ? "quic://" + place : place;
    }

    private Peer peer(Peer.Options options) {
        Peer peer = new Peer(options);
        opened.add(peer);
        return peer;
    }

    /** A frame as the mesh makes them, of some bytes. */
    private static Bytes frame(Priority priority, int size) {
        byte[] frame = new byte[size];
        FrameType type = priority == Priority.CONTROL ? FrameType.RECORDS : FrameType.DATAGRAM;
        frame[0] = (byte) type.firstByte(0);
        frame[1] = (byte) priority.code();
        return Bytes.wrap(frame);
    }

    private static List<Bytes> frames(Peer peer, int count) {
        List<Bytes> frames = new ArrayList<>();
        while (frames.size() < count) {
            frames.add(peer.await(Peer.Frame.class).frame());
        }
        return frames;
    }

    private static void awaitUninterruptibly(CountDownLatch gate) {
        try {
            assertThat(gate.await(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Profile.Transport withFrameMax(int frameMax) {
        Profile.Transport t = Profile.LAN.transport();
        return new Profile.Transport(
                frameMax,
                t.handshakeNanos(),
                t.connectNanos(),
                t.strangerBytes(),
                t.halfOpenMax(),
                t.halfOpenPerSourceMax(),
                t.socketBytes(),
                t.writableBytes(),
                t.loopInboxBytes());
    }
}
