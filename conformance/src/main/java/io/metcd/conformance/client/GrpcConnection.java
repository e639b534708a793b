package io.metcd.conformance.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Unary gRPC calls on one HTTP/2 connection with prior knowledge (RFC 9113), one after the other. Header blocks of
 * answers are not decoded: a call has succeeded if and only if a message came, which is so for every unary answer.
 * After any failure the connection is closed for good, so that no answer can be taken for that of another call.
 */
public final class GrpcConnection implements AutoCloseable {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int FRAME_BYTES_MAX = 16_384;
    private static final int WINDOW_MAX = Integer.MAX_VALUE;
    private static final int WINDOW_DEFAULT = 65_535;
    private static final int WINDOW_RENEWED_AT = 1 << 20;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int SETTING_INITIAL_WINDOW = 4;

    private final Socket socket;
    private final String authority;
    private final DataInputStream in;
    private final OutputStream out;
    private int stream = -1;
    private long connectionWindow = WINDOW_DEFAULT;
    private long initialWindow = WINDOW_DEFAULT;
    private long streamWindow;
    private int unrenewed;
    private boolean ended;
    private ByteArrayOutputStream answer = new ByteArrayOutputStream();

    private GrpcConnection(Socket socket, String authority) throws IOException {
        this.socket = socket;
        this.authority = authority;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
    }

    /** Connects to host:port. Whatever this throws, nothing was asked of anybody. */
    public static GrpcConnection open(String endpoint, Duration limit) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(
                            endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1))),
                    (int) limit.toMillis());
            GrpcConnection connection = new GrpcConnection(socket, endpoint);
            connection.greet();
            return connection;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Sends one message and returns the one that answers it.
     *
     * @throws RefusedException if an answer came that holds no message: an error
     * @throws IOException if nothing is known of the outcome; the connection is closed then
     */
    public byte[] call(String path, byte[] message, Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            stream += 2;
            streamWindow = initialWindow;
            ended = false;
            answer = new ByteArrayOutputStream();
            frame(HEADERS, END_HEADERS, stream, headers(path, limit));
            send(framed(message), deadline);
            while (!ended) {
                readFrame(deadline);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
        return unframed(answer.toByteArray());
    }

    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is left to be closed
        }
    }

    private void greet() throws IOException {
        out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
        // No pushes, and answers of any size: what is asked for is what fits.
        ByteBuffer settings = ByteBuffer.allocate(12);
        settings.putShort((short) 2).putInt(0);
        settings.putShort((short) SETTING_INITIAL_WINDOW).putInt(WINDOW_MAX);
        frame(SETTINGS, 0, 0, settings.array());
        renewWindow(WINDOW_MAX - WINDOW_DEFAULT);
    }

    private void send(byte[] body, long deadline) throws IOException {
        int sent = 0;
        while (sent < body.length) {
            long room = Math.min(Math.min(connectionWindow, streamWindow), FRAME_BYTES_MAX);
            if (room <= 0) {
                readFrame(deadline);
                continue;
            }
            int size = (int) Math.min(room, body.length - sent);
            byte[] part = ByteBuffer.allocate(size).put(body, sent, size).array();
            sent += size;
            connectionWindow -= size;
            streamWindow -= size;
            frame(DATA, sent == body.length ? END_STREAM : 0, stream, part);
        }
    }

    private void readFrame(long deadline) throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        socket.setSoTimeout((int) millis);
        int head = in.readInt();
        int type = head & 0xff;
        int flags = in.readUnsignedByte();
        int id = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[head >>> 8];
        in.readFully(payload);
        switch (type) {
            case DATA -> data(id, flags, payload);
            case HEADERS -> ended |= id == stream && (flags & END_STREAM) != 0;
            case RST_STREAM -> {
                if (id == stream) {
                    throw new EOFException(
                            "stream reset, code " + ByteBuffer.wrap(payload).getInt());
                }
            }
            case SETTINGS -> settings(flags, payload);
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                }
            }
            case GOAWAY -> throw new EOFException("the server says goodbye");
            case WINDOW_UPDATE -> {
                if (id == 0) {
                    connectionWindow += ByteBuffer.wrap(payload).getInt();
                } else if (id == stream) {
                    streamWindow += ByteBuffer.wrap(payload).getInt();
                }
            }
            default -> {} // continuations and what is unknown: RFC 9113 wants it ignored
        }
    }

    private void data(int id, int flags, byte[] payload) throws IOException {
        if (id == stream) {
            int padding = (flags & PADDED) == 0 ? 0 : 1 + (payload[0] & 0xff);
            int start = padding == 0 ? 0 : 1;
            answer.write(payload, start, payload.length - padding);
            ended |= (flags & END_STREAM) != 0;
        }
        unrenewed += payload.length;
        if (unrenewed >= WINDOW_RENEWED_AT) {
            renewWindow(unrenewed);
            unrenewed = 0;
        }
    }

    private void settings(int flags, byte[] payload) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        ByteBuffer settings = ByteBuffer.wrap(payload);
        while (settings.remaining() >= 6) {
            int name = settings.getShort();
            int value = settings.getInt();
            if (name == SETTING_INITIAL_WINDOW) {
                streamWindow += value - initialWindow;
                initialWindow = value;
            }
        }
        frame(SETTINGS, ACK, 0, new byte[0]);
    }

    private void renewWindow(int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    private void frame(int type, int flags, int id, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(id)
                .put(payload)
                .array());
    }

    /** Literal fields without indexing (RFC 7541, 6.2.2): no state of compression on either side. */
    private byte[] headers(String path, Duration limit) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        block.write(0x04);
        text(block, path);
        block.write(0x01);
        text(block, authority);
        field(block, "content-type", "application/grpc");
        field(block, "te", "trailers");
        field(block, "grpc-timeout", Math.max(1, limit.toMillis()) + "m");
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, String name, String value) {
        block.write(0);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length >= 127) {
            throw new IllegalArgumentException("too long for one byte of length: " + text);
        }
        block.write(bytes.length);
        block.writeBytes(bytes);
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] unframed(byte[] body) throws IOException {
        if (body.length == 0) {
            throw new RefusedException();
        }
        ByteBuffer buffer = ByteBuffer.wrap(body);
        if (body.length < 5 || buffer.get() != 0 || buffer.getInt() != buffer.remaining()) {
            throw new IOException("not one whole message of gRPC: " + body.length + " bytes");
        }
        byte[] message = new byte[buffer.remaining()];
        buffer.get(message);
        return message;
    }

    /** The answer was an error. For a write this says nothing of its outcome unless the error does. */
    public static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException() {
            super("the answer is an error");
        }
    }
}
