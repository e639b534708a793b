package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.mesh.Profile;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is TCP's alone; what all carriers of links do is in {@link LinksTest}. */
class TlsLinksTest {
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable peer : opened) {
            peer.close();
        }
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
        assertThat(a.halfOpenCount()).isEqualTo(share);
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
}
