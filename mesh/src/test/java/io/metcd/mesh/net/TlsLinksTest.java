package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.mesh.Profile;
import io.metcd.mesh.wire.Hello;
import io.metcd.mesh.wire.handshake.GroupKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real sockets on loopback. */
class TlsLinksTest {
    private static final GroupKey OTHER_KEY = GroupKey.of(Bytes.utf8("another key of thirty-two bytes!"));

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable peer : opened) {
            peer.close();
        }
    }

    @Test
    void twoPeersConnectAndExchangeFrames() {
        Peer a = peer(Peer.Options.named("a"));
        Peer b = peer(Peer.Options.named("b").outboundOnly());

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
        Peer a = peer(Peer.Options.named("a"));
        Peer b = peer(Peer.Options.named("b").outboundOnly());

        b.dial("http://localhost:" + a.port());

        assertThat(b.await(Peer.Opened.class).opened().remoteKey()).isEqualTo(a.identity.publicKey());
    }

    /** A headless service is such a name. */
    @Test
    void aNameThatStandsForThisPeerTooLeadsToTheOther() {
        NameServer names = new NameServer();
        opened.add(names);
        Peer a = peer(Peer.Options.named("a").nameServers(names::provider));
        Peer b = peer(Peer.Options.named("b").at(new HostPort("127.0.0.2", a.port())));
        names.host("peers.example", "127.0.0.1", "127.0.0.2");

        for (int i = 0; i < 8; i++) {
            a.dial("peers.example:" + a.port());

            Peer.Opened opened =
                    a.await(Peer.Opened.class, link -> link.opened().attempt() == 7);
            assertThat(opened.opened().remoteKey()).isEqualTo(b.identity.publicKey());
        }
    }

    @Test
    void aNameThatStandsForThisPeerAloneSaysSo() {
        NameServer names = new NameServer();
        opened.add(names);
        Peer a = peer(Peer.Options.named("a").nameServers(names::provider));
        names.host("peers.example", "127.0.0.1");

        a.dial("peers.example:" + a.port());

        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith("own identity");
    }

    @Test
    void aWrongPasswordIsRefusedInWordsOnBothSides() {
        Peer a = peer(Peer.Options.named("a"));
        Peer b = peer(Peer.Options.named("b").security(Security.of(OTHER_KEY)));

        b.dial(a.address());

        String words = "wrong password: this peer's and the other's differ: give both the same --password-file";
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo(words);
        assertThat(a.awaitRefused()).isEqualTo(new MeshServer.RefusedPeer("127.0.0.1", words, 1));
    }

    @Test
    void aMissingPasswordIsRefusedInWordsOnBothSides() {
        Peer a = peer(Peer.Options.named("a"));
        Peer b = peer(Peer.Options.named("b").security(Security.none()));

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith("wrong password: this peer has none");
        assertThat(a.awaitRefused().reason()).startsWith("wrong password: this peer has one and the other has none");
    }

    @Test
    void aForeignClusterIsRefusedInWordsOnBothSides() {
        Peer a = peer(Peer.Options.named("a").cluster("x"));
        Peer b = peer(Peer.Options.named("b").cluster("y"));

        b.dial(a.address());

        assertThat(b.await(Peer.DialFailed.class).reason())
                .startsWith("foreign cluster: this peer belongs to 'y', the other to 'x'");
        assertThat(a.awaitRefused().reason()).startsWith("foreign cluster: this peer belongs to 'x', the other to 'y'");
    }

    @Test
    void aPeerThatDialsItselfSaysSo() {
        Peer a = peer(Peer.Options.named("a"));

        a.dial(a.address());

        assertThat(a.await(Peer.DialFailed.class).reason()).startsWith("own identity: dialled ourselves");
    }

    @Test
    void whoeverSaysNothingIsDroppedAtTheDeadline() throws IOException {
        Profile.Transport hasty = Profile.LAN.transport().withHandshakeNanos(TimeUnit.MILLISECONDS.toNanos(200));
        Peer a = peer(Peer.Options.named("a").limits(hasty));

        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), a.port())) {
            silent.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
            readToEnd(silent);
        }

        assertThat(a.awaitRefused().reason()).isEqualTo("handshake deadline: nothing agreed within 200 ms");
    }

    @Test
    void plainHttpIsRefusedWithoutAWord() throws IOException {
        Peer a = peer(Peer.Options.named("a"));

        byte[] answer = say(a, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("metcd", "HTTP");
        assertThat(answer).hasSizeLessThan(64);
        assertThat(a.awaitRefused().reason()).isEqualTo(Words.NOT_TLS);
    }

    @Test
    void garbageIsRefused() throws IOException {
        Peer a = peer(Peer.Options.named("a"));
        byte[] garbage = new byte[4_000];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = (byte) (i * 31 + 7);
        }

        assertThat(say(a, garbage)).hasSizeLessThan(64);

        assertThat(a.awaitRefused().reason()).isEqualTo(Words.NOT_TLS);
    }

    @Test
    void diallingSomethingThatIsNoPeerSaysSo() throws Exception {
        Peer b = peer(Peer.Options.named("b").outboundOnly());
        try (ServerSocket web = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            b.dial("127.0.0.1:" + web.getLocalPort());
            try (Socket accepted = web.accept()) {
                accepted.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

                assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo(Words.NOT_TLS);
            }
        }
    }

    @Test
    void aDialThatNobodyAnswersSaysWhy() throws IOException {
        Peer b = peer(Peer.Options.named("b").outboundOnly());
        int free;
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = gone.getLocalPort();
        }

        b.dial("127.0.0.1:" + free);
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo("connection refused: nothing listens there");
        b.dial("x".repeat(64) + ".invalid:2380");
        assertThat(b.await(Peer.DialFailed.class).reason()).isEqualTo("unknown host name");
        b.dial("2380");
        assertThat(b.await(Peer.DialFailed.class).reason())
                .isEqualTo("'2380' is no address: HOST:PORT is wanted, e.g. 10.0.0.7:2380");
    }

    @Test
    void aFrameAboveTheMaximumClosesTheLinkBeforeItIsTaken() {
        Profile.Transport small = withFrameMax(1_000);
        Peer a = peer(Peer.Options.named("a").limits(small));
        Peer b = peer(Peer.Options.named("b"));
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

    @Test
    void aFloodOfConnectionsPushesOutItsOwnOldest() throws IOException {
        Peer a = peer(Peer.Options.named("a"));
        int share = Profile.LAN.transport().halfOpenPerSourceMax();
        Socket first = silentSocket(a);

        for (int i = 0; i < share; i++) {
            silentSocket(a);
        }

        first.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
        readToEnd(first);
        assertThat(a.awaitRefused().reason()).isEqualTo("too many connections that prove nothing");
        assertThat(a.onLoop(a.links::halfOpenCount)).isEqualTo(share);
    }

    @Test
    void aBusyPortIsNamedTogetherWithItsFlag() {
        Peer a = peer(Peer.Options.named("a"));
        MeshLoop loop = new MeshLoop("busy", bug -> {});
        opened.add(loop::shutdown);

        assertThatThrownBy(
                        () -> Listener.bind(loop, new HostPort("127.0.0.1", a.port()), Security.of(Peer.KEY), 1 << 18))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("port " + a.port() + " is taken")
                .hasMessageContaining("--listen-peer-urls");
    }

    @Test
    void withoutAPasswordNothingBeyondLoopbackIsListenedOnOrDialled() {
        Peer b = peer(Peer.Options.named("b").security(Security.none()).outboundOnly());

        assertThatThrownBy(() -> Listener.bind(b.loop, new HostPort("0.0.0.0", 0), Security.none(), 1 << 18))
                .isInstanceOf(MeshStartFailure.class)
                .hasMessageContaining("--password-file")
                .hasMessageContaining("--insecure-mesh");
        b.dial("192.0.2.1:2380");
        assertThat(b.await(Peer.DialFailed.class).reason()).startsWith("no password: 192.0.2.1:2380 is beyond");
        Listener insecure = Listener.bind(b.loop, new HostPort("0.0.0.0", 0), Security.insecure(), 1 << 18);
        opened.add(insecure::close);
    }

    private record Pair(Peer a, long atA, Peer b, long atB) {}

    private Pair pair() {
        Peer a = peer(Peer.Options.named("a"));
        Peer b = peer(Peer.Options.named("b").outboundOnly());
        b.dial(a.address());
        return new Pair(
                a,
                a.await(Peer.Opened.class).opened().link(),
                b,
                b.await(Peer.Opened.class).opened().link());
    }

    private Socket silentSocket(Peer peer) throws IOException {
        Socket silent = new Socket(InetAddress.getLoopbackAddress(), peer.port());
        opened.add(silent);
        return silent;
    }

    private Peer peer(Peer.Options options) {
        Peer peer = new Peer(options);
        opened.add(peer);
        return peer;
    }

    private static List<Bytes> frames(Peer peer, int count) {
        List<Bytes> frames = new ArrayList<>();
        while (frames.size() < count) {
            frames.add(peer.await(Peer.Frame.class).frame());
        }
        return frames;
    }

    private static byte[] say(Peer peer, byte[] text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
            socket.getOutputStream().write(text);
            return readToEnd(socket);
        }
    }

    /** Until the other end closes; a reset is an end too. */
    private static byte[] readToEnd(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.write(next);
            }
        } catch (SocketException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        return all.toByteArray();
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
