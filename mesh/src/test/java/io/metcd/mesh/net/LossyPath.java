package io.metcd.mesh.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A path over which UDP packets between one dialler and one listener go, or do not. */
final class LossyPath implements AutoCloseable {
    private static final int PACKET_MAX = 2_048;

    private final DatagramSocket front = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final DatagramSocket back = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final BlockingQueue<byte[]> fromDialler = new LinkedBlockingQueue<>();
    private final Random random = new Random(7);
    private volatile InetSocketAddress dialler = new InetSocketAddress(0);
    private volatile double loss;

    LossyPath(int listenerPort) throws SocketException {
        InetSocketAddress listener = new InetSocketAddress(InetAddress.getLoopbackAddress(), listenerPort);
        carry(front, packet -> {
            dialler = (InetSocketAddress) packet.getSocketAddress();
            fromDialler.add(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
            packet.setSocketAddress(listener);
            send(back, packet);
        });
        carry(back, packet -> {
            packet.setSocketAddress(dialler);
            send(front, packet);
        });
    }

    /** What happens to a packet that has come. */
    private interface Passage {
        void pass(DatagramPacket packet) throws IOException;
    }

    String address() {
        return "quic://127.0.0.1:" + front.getLocalPort();
    }

    /** From now on, this share of the packets is lost, either way. */
    void lose(double share) {
        loss = share;
    }

    /** The first packet of the dialler, byte for byte. */
    byte[] firstPacket() throws InterruptedException {
        return fromDialler.take();
    }

    private synchronized void send(DatagramSocket socket, DatagramPacket packet) throws IOException {
        if (random.nextDouble() >= loss) {
            socket.send(packet);
        }
    }

    private static void carry(DatagramSocket from, Passage passage) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[PACKET_MAX], PACKET_MAX);
                    from.receive(packet);
                    passage.pass(packet);
                }
            } catch (SocketException closed) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        front.close();
        back.close();
    }
}
