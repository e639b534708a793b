package io.metcd.mesh.net;

import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback, as much of RFC 1035 as a peer asks: A and SRV records, no such name, and silence. */
final class NameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int SRV = 33;
    private static final int ANSWER = 0x8180;
    private static final int NO_SUCH_NAME = 0x8183;

    private final DatagramSocket socket;
    private final Map<String, List<String>> hosts = new ConcurrentHashMap<>();
    private final Map<String, List<String>> services = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean silent;

    NameServer() {
        try {
            this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (SocketException e) {
            throw new AssertionError(e);
        }
        Thread thread = new Thread(this::serve, "name-server-under-test");
        thread.setDaemon(true);
        thread.start();
    }

    DnsServerAddressStreamProvider provider() {
        return new SingletonDnsServerAddressStreamProvider((InetSocketAddress) socket.getLocalSocketAddress());
    }

    void host(String name, String... addresses) {
        hosts.put(name, List.of(addresses));
    }

    /** Places as {@code PRIORITY HOST PORT}. */
    void service(String name, String... places) {
        services.put(name, List.of(places));
    }

    void forget(String name) {
        hosts.remove(name);
    }

    void silence(boolean says) {
        silent = says;
    }

    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        socket.close();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                asked.incrementAndGet();
                if (!silent) {
                    byte[] answer = answer(packet.getData());
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (IOException e) {
            // Closed: nobody asks any more.
            return;
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(question));
        int id = in.readUnsignedShort();
        in.skipBytes(10);
        String name = name(in);
        int type = in.readUnsignedShort();
        List<String> found = (type == A ? hosts : type == SRV ? services : Map.<String, List<String>>of())
                .getOrDefault(name, List.of());
        boolean known = hosts.containsKey(name) || services.containsKey(name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int field : new int[] {id, known ? ANSWER : NO_SUCH_NAME, 1, found.size(), 0, 0}) {
            out.writeShort(field);
        }
        write(out, name);
        out.writeShort(type);
        out.writeShort(1);
        for (String answer : found) {
            write(out, name);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(0);
            byte[] value = type == A ? InetAddress.getByName(answer).getAddress() : place(answer);
            out.writeShort(value.length);
            out.write(value);
        }
        return bytes.toByteArray();
    }

    private static byte[] place(String text) throws IOException {
        String[] parts = text.split(" ", -1);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(Integer.parseInt(parts[0]));
        out.writeShort(0);
        out.writeShort(Integer.parseInt(parts[2]));
        write(out, parts[1]);
        return bytes.toByteArray();
    }

    private static String name(DataInputStream in) throws IOException {
        StringBuilder name = new StringBuilder();
        for (int size = in.readUnsignedByte(); size > 0; size = in.readUnsignedByte()) {
            name.append(name.isEmpty() ? "" : ".").append(new String(in.readNBytes(size), StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    private static void write(DataOutputStream out, String name) throws IOException {
        for (String label : name.split("\\.", -1)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
    }
}
