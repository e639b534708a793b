package io.metcd.mesh.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.mesh.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A thousand connections that never prove anything, and a peer that comes while they all hang (scenario garbage). */
class HalfOpenFloodTest {
    private static final int STRANGERS = 1_000;
    private static final int OF_ONE_SOURCE = 50;
    private static final int DRIPS = 10;
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final List<Socket> strangers = new ArrayList<>();
    private final List<Peer> peers = new ArrayList<>();
    private final Bytes clientHello = clientHello();

    @AfterEach
    void close() throws IOException {
        for (Socket stranger : strangers) {
            stranger.close();
        }
        peers.forEach(Peer::close);
    }

    @Test
    void aThousandStrangersThatHangDoNotDelayARealPeerAndAreAllGoneAtTheDeadline() throws Exception {
        Profile.Transport limits = Profile.LAN.transport().withHandshakeNanos(TimeUnit.SECONDS.toNanos(10));
        Peer door = peer(Peer.Options.named("door").limits(limits));
        Peer real = peer(Peer.Options.named("real").outboundOnly());
        for (int i = 0; i < STRANGERS; i++) {
            strangers.add(stranger(door, i));
        }
        await(() -> door.halfOpenCount() == STRANGERS);

        // Bytes drip in while the real one comes: no deadline begins anew for them.
        for (int drip = 0; drip < DRIPS; drip++) {
            for (int i = 0; i < STRANGERS; i += 4) {
                strangers.get(i).getOutputStream().write(clientHello.at(1 + drip));
            }
        }
        real.dial(door.address());
        long link = real.await(Peer.Opened.class).opened().link();
        real.send(link, Bytes.utf8("here I am"));

        assertThat(door.await(Peer.Frame.class).frame()).isEqualTo(Bytes.utf8("here I am"));
        assertThat(door.halfOpenCount()).as("all of them still hang").isEqualTo(STRANGERS);
        await(() -> door.halfOpenCount() == 0);
        for (Socket stranger : strangers) {
            assertThat(isClosed(stranger)).isTrue();
        }
        real.send(link, Bytes.utf8("and stay"));
        assertThat(door.await(Peer.Frame.class).frame()).isEqualTo(Bytes.utf8("and stay"));
        assertThat(door.awaitRefused().reason()).startsWith("handshake deadline");
    }

    /** What strangers make it compute is computed elsewhere than what its own dials need. */
    @Test
    void aPeerWhoseDoorIsBusyStillDials() throws Exception {
        Peer busy = peer(Peer.Options.named("busy"));
        Peer other = peer(Peer.Options.named("other"));
        CountDownLatch done = new CountDownLatch(1);
        busy.threads.accepting().execute(() -> {
            try {
                done.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });

        busy.dial(other.address());

        assertThat(busy.await(Peer.Opened.class).opened().remoteKey()).isEqualTo(other.identity.publicKey());
        done.countDown();
    }

    /** A quarter each: drips one byte after the other, says nothing, half a record, a whole first message and no more. */
    private Socket stranger(Peer door, int number) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress("127.0.1." + (1 + number / OF_ONE_SOURCE), 0));
        socket.connect(new InetSocketAddress("127.0.0.1", door.port()));
        OutputStream out = socket.getOutputStream();
        switch (number % 4) {
            case 0 -> out.write(clientHello.at(0));
            case 1 -> out.flush();
            case 2 -> out.write(clientHello.slice(0, clientHello.size() / 2).toArray());
            default -> out.write(clientHello.toArray());
        }
        return socket;
    }

    private static Bytes clientHello() {
        SSLEngine engine = PeerTls.of(PeerIdentity.fresh()).dialling();
        ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        try {
            engine.wrap(ByteBuffer.allocate(0), out);
        } catch (SSLException e) {
            throw new AssertionError(e);
        }
        return Bytes.copyOf(Arrays.copyOf(out.array(), out.position()));
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(Peer.PATIENCE_SECONDS));
        InputStream in = socket.getInputStream();
        try {
            while (in.read() >= 0) {
                assertThat(in.available()).as("bytes of an answer").isLessThan(4_096);
            }
        } catch (SocketException reset) {
            return true;
        }
        return true;
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Peer.PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("has waited in vain").isLessThan(end);
            LockSupport.parkNanos(GLANCE_NANOS);
        }
    }

    private Peer peer(Peer.Options options) {
        Peer peer = new Peer(options);
        peers.add(peer);
        return peer;
    }
}
