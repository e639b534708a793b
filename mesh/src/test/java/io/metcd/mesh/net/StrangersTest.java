package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.wire.handshake.Handshake;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Strangers who speak TLS well, with a certificate of their own, and then do not know the group key. */
class StrangersTest {
    private static final int MILLIS = (int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS);

    private final Peer peer = new Peer(Peer.Options.named("secret-name").cluster("secret-cluster"));

    @AfterEach
    void close() {
        peer.close();
    }

    @Test
    void aStrangerLearnsThirtyThreeBytesAndThenWhy() throws Exception {
        try (SSLSocket stranger = connect()) {
            DataInputStream in = new DataInputStream(stranger.getInputStream());
            byte[] challenge = in.readNBytes(in.readInt());
            say(stranger, Bytes.of(2).concat(Bytes.copyOf(new byte[64])));
            byte[] refusal = in.readNBytes(in.readInt());

            assertThat(challenge).hasSize(33);
            assertThat(refusal).hasSizeLessThan(8);
            assertThat(isAtEnd(in)).isTrue();
        }
        assertThat(peer.awaitRefused().reason()).startsWith("wrong password");
    }

    /** Whatever length it says: what is written into our log is not for a stranger to choose. */
    @Test
    void aMessageThatIsTooLongIsRefusedAtItsLength() throws Exception {
        for (int length : new int[] {Integer.MAX_VALUE, 1 << 20, -1}) {
            try (SSLSocket stranger = connect()) {
                DataOutputStream out = new DataOutputStream(stranger.getOutputStream());
                out.writeInt(length);
                out.flush();

                assertEnds(stranger);
            }
        }
        assertThat(peer.onLoop(peer.refused::recent))
                .containsExactly(new MeshServer.RefusedPeer(
                        "127.0.0.1",
                        "malformed handshake: a message of more than " + Handshake.MESSAGE_SIZE_MAX + " bytes",
                        3));
    }

    @Test
    void moreBytesThanAHandshakeHasAreNotTaken() throws Exception {
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
            // One TLS record that is not complete before it is longer than all that a stranger may say.
            byte[] record = new byte[5 + 16_384];
            record[0] = 22;
            record[1] = 3;
            record[2] = 1;
            record[3] = 0x40;
            stranger.getOutputStream().write(record, 0, record.length - 1);
            stranger.setSoTimeout(MILLIS);

            assertEnds(stranger);
        }
        assertThat(peer.awaitRefused().reason()).isEqualTo("malformed handshake: more bytes than any handshake has");
    }

    private SSLSocket connect() throws IOException, GeneralSecurityException {
        PeerIdentity identity = PeerIdentity.fresh();
        char[] secret = "x".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, secret);
        store.setKeyEntry("a", identity.privateKey(), secret, new Certificate[] {identity.certificate()});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, secret);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(keys.getKeyManagers(), new TrustManager[] {new TrustEverybody()}, null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), peer.port());
        socket.setSoTimeout(MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PeerTls.PROTOCOL});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void say(Socket socket, Bytes message) throws IOException {
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeInt(message.size());
        out.write(message.toArray());
        out.flush();
    }

    private static void assertEnds(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (!isAtEnd(in)) {
            assertThat(in.available()).isLessThan(100);
        }
    }

    private static boolean isAtEnd(DataInputStream in) throws IOException {
        try {
            return in.read() < 0;
        } catch (EOFException | SocketException end) {
            return true;
        }
    }

    private static final class TrustEverybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
