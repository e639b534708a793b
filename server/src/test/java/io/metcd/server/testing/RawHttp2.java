package io.metcd.server.testing;

import com.google.protobuf.MessageLite;
import io.metcd.base.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A connection of HTTP/2 in the clear that sends whatever frames it is told, several in one packet (RFC 9113). */
public final class RawHttp2 implements Closeable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final ByteArrayOutputStream batch = new ByteArrayOutputStream();

    /** What the server sent. */
    public record Frame(int type, int flags, int stream, Bytes payload) {}

    /** Connects and has sent the preface and empty settings. */
    public RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        batch.writeBytes(PREFACE);
        add(SETTINGS, 0, 0).flush();
    }

    /** Adds a frame to those that leave together. */
    public RawHttp2 add(int type, int flags, int stream, byte... payload) {
        int length = payload.length;
        batch.writeBytes(ByteBuffer.allocate(9)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .array());
        batch.writeBytes(payload);
        return this;
    }

    /** The headers of a gRPC call. */
    public RawHttp2 open(int stream, String method) {
        Map<String, String> headers = Map.of("content-type", "application/grpc", "te", "trailers");
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        literal(block, ":method", "POST");
        literal(block, ":scheme", "http");
        literal(block, ":path", "/" + method);
        literal(block, ":authority", "localhost");
        headers.forEach((name, value) -> literal(block, name, value));
        return add(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    /** A gRPC message. */
    public RawHttp2 message(int stream, MessageLite message) {
        byte[] body = message.toByteArray();
        return add(
                DATA,
                0,
                stream,
                ByteBuffer.allocate(5 + body.length)
                        .put((byte) 0)
                        .putInt(body.length)
                        .put(body)
                        .array());
    }

    /** The client takes no more of the stream: CANCEL. */
    public RawHttp2 reset(int stream) {
        return add(RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
    }

    /** Sends all that was added, in one write. */
    public void flush() throws IOException {
        socket.getOutputStream().write(batch.toByteArray());
        batch.reset();
    }

    /**
     * The next frame of the server; its settings and pings are passed on as they are.
     *
     * @throws java.io.EOFException if the server has closed the connection
     */
    public Frame next() throws IOException {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, Bytes.wrap(in.readNBytes(length)));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A field neither indexed nor compressed, of a name and a value below 127 bytes (RFC 7541, section 6.2.2). */
    private static void literal(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        for (String text : new String[] {name, value}) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
