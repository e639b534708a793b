package io.metcd.conformance.differential;

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
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection with prior knowledge (RFC 9113) that carries any number of calls and streams, for one thread:
 * frames are read while something is waited for. It sends whatever it is told to, right or wrong, and shows statuses and
 * texts of answers, which is why it exists beside {@link io.metcd.conformance.client.GrpcConnection}.
 */
public final class GrpcChannel implements AutoCloseable {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int FRAME_BYTES_MAX = 16_384;
    private static final int WINDOW_MAX = Integer.MAX_VALUE;
    private static final int WINDOW_DEFAULT = 65_535;
    private static final int WINDOW_RENEWED_AT = 1 << 20;
    private static final int FRAME_MILLIS = 10_000;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int PRIORITY = 0x20;
    private static final int CANCEL = 8;

    private final Socket socket;
    private final String authority;
    private final DataInputStream in;
    private final OutputStream socketOut;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 12);
    private final Map<Integer, GrpcStream> streams = new HashMap<>();
    private ByteArrayOutputStream headerBlock = new ByteArrayOutputStream();
    private boolean headersEndStream;
    private int lastStream = -1;
    private long connectionWindow = WINDOW_DEFAULT;
    private long initialWindow = WINDOW_DEFAULT;
    private int unrenewed;
    private int resets;

    private GrpcChannel(Socket socket, String authority) throws IOException {
        this.socket = socket;
        this.authority = authority;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.socketOut = socket.getOutputStream();
    }

    /** Connects to host:port. */
    public static GrpcChannel open(String endpoint, Duration limit) throws IOException {
        int colon = endpoint.lastIndexOf(':');
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            InetSocketAddress address = new InetSocketAddress(
                    endpoint.substring(0, colon), Integer.parseInt(endpoint.substring(colon + 1)));
            socket.connect(address, (int) limit.toMillis());
            GrpcChannel channel = new GrpcChannel(socket, endpoint);
            channel.greet();
            return channel;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Opens a stream.
     *
     * @param more headers beside, or in place of, those of every call of gRPC
     */
    public GrpcStream start(String path, Map<String, String> more) throws IOException {
        lastStream += 2;
        GrpcStream stream = new GrpcStream(lastStream, initialWindow);
        streams.put(stream.id, stream);
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        HeaderBlock.encode(block, ":method", more.getOrDefault(":method", "POST"));
        HeaderBlock.encode(block, ":scheme", "http");
        HeaderBlock.encode(block, ":path", path);
        HeaderBlock.encode(block, ":authority", authority);
        HeaderBlock.encode(block, "content-type", more.getOrDefault("content-type", "application/grpc"));
        HeaderBlock.encode(block, "te", "trailers");
        more.forEach((name, value) -> {
            if (!name.equals("content-type") && !name.startsWith(":")) {
                HeaderBlock.encode(block, name, value);
            }
        });
        frame(HEADERS, END_HEADERS, stream.id, block.toByteArray());
        return stream;
    }

    /** Sends bytes as they are, framed as one message. */
    public void send(GrpcStream stream, byte[] message, boolean last) throws IOException {
        byte[] framed = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        sendRaw(stream, framed, last);
    }

    /** Sends bytes as they are. */
    void sendRaw(GrpcStream stream, byte[] body, boolean last) throws IOException {
        int sent = 0;
        while (!stream.hasEnded() && (sent < body.length || body.length == 0)) {
            long room = Math.min(Math.min(connectionWindow, stream.window), FRAME_BYTES_MAX);
            if (room <= 0) {
                long before = connectionWindow + stream.window;
                await(Duration.ofSeconds(10), () -> stream.hasEnded() || connectionWindow + stream.window != before);
                continue;
            }
            int size = (int) Math.min(room, body.length - sent);
            byte[] part = ByteBuffer.allocate(size).put(body, sent, size).array();
            sent += size;
            connectionWindow -= size;
            stream.window -= size;
            frame(DATA, last && sent == body.length ? END_STREAM : 0, stream.id, part);
            if (body.length == 0) {
                break;
            }
        }
        flush();
    }

    void halfClose(GrpcStream stream) throws IOException {
        if (!stream.hasEnded()) {
            frame(DATA, END_STREAM, stream.id, new byte[0]);
            flush();
        }
    }

    /** Gives the stream up and forgets it. */
    public void cancel(GrpcStream stream) throws IOException {
        streams.remove(stream.id);
        if (!stream.hasEnded()) {
            resets++;
            frame(
                    RST_STREAM,
                    0,
                    stream.id,
                    ByteBuffer.allocate(4).putInt(CANCEL).array());
            flush();
        }
    }

    /** How many streams it has given up: a server takes too many of them for an attack. */
    int resets() {
        return resets;
    }

    void forget(GrpcStream stream) {
        streams.remove(stream.id);
    }

    /** Reads frames until the condition holds; false if it does not within the limit. */
    public boolean await(Duration limit, BooleanSupplier condition) throws IOException {
        flush();
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0 || !readFrame((int) millis)) {
                return condition.getAsBoolean();
            }
        }
        return true;
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
        out.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        // No dynamic table, no pushes, and answers of any size.
        ByteBuffer settings = ByteBuffer.allocate(18);
        settings.putShort((short) 1).putInt(0);
        settings.putShort((short) 2).putInt(0);
        settings.putShort((short) 4).putInt(WINDOW_MAX);
        frame(SETTINGS, 0, 0, settings.array());
        renewWindow(WINDOW_MAX - WINDOW_DEFAULT);
        flush();
    }

    private void flush() throws IOException {
        if (out.size() > 0) {
            out.writeTo(socketOut);
            out.reset();
        }
    }

    /** False if no frame began within the limit. */
    private boolean readFrame(int millis) throws IOException {
        int first;
        try {
            if (in.available() == 0) {
                socket.setSoTimeout(millis);
            }
            first = in.readUnsignedByte();
            socket.setSoTimeout(FRAME_MILLIS);
        } catch (SocketTimeoutException e) {
            return false;
        }
        int length = (first << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int id = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = new byte[length];
        in.readFully(payload);
        onFrame(type, flags, id, payload);
        return true;
    }

    private void onFrame(int type, int flags, int id, byte[] payload) throws IOException {
        GrpcStream stream = streams.get(id);
        switch (type) {
            case DATA -> data(stream, flags, payload);
            case HEADERS -> {
                int start = (flags & PADDED) == 0 ? 0 : 1;
                int end = payload.length - ((flags & PADDED) == 0 ? 0 : payload[0] & 0xff);
                start += (flags & PRIORITY) == 0 ? 0 : 5;
                headerBlock = new ByteArrayOutputStream();
                headerBlock.write(payload, start, end - start);
                headersEndStream = (flags & END_STREAM) != 0;
                headers(stream, flags);
            }
            case CONTINUATION -> {
                headerBlock.writeBytes(payload);
                headers(stream, flags);
            }
            case RST_STREAM -> {
                if (stream != null) {
                    stream.onReset(ByteBuffer.wrap(payload).getInt());
                }
            }
            case SETTINGS -> settings(flags, payload);
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, payload);
                    flush();
                }
            }
            case GOAWAY -> throw new EOFException("the server says goodbye");
            case WINDOW_UPDATE -> {
                int more = ByteBuffer.wrap(payload).getInt();
                if (id == 0) {
                    connectionWindow += more;
                } else if (stream != null) {
                    stream.window += more;
                }
            }
            default -> {} // what is unknown is ignored, as RFC 9113 wants it
        }
    }

    private void headers(@Nullable GrpcStream stream, int flags) throws IOException {
        if ((flags & END_HEADERS) != 0 && stream != null) {
            stream.onHeaders(HeaderBlock.decode(headerBlock.toByteArray()), headersEndStream);
        }
    }

    private void data(@Nullable GrpcStream stream, int flags, byte[] payload) throws IOException {
        if (stream != null) {
            int padding = (flags & PADDED) == 0 ? 0 : 1 + (payload[0] & 0xff);
            int start = padding == 0 ? 0 : 1;
            stream.onBody(payload, start, payload.length - padding);
            if ((flags & END_STREAM) != 0) {
                stream.onEnd();
            }
        }
        unrenewed += payload.length;
        if (unrenewed >= WINDOW_RENEWED_AT) {
            renewWindow(unrenewed);
            unrenewed = 0;
            flush();
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
            if (name == 4) {
                for (GrpcStream stream : streams.values()) {
                    stream.window += value - initialWindow;
                }
                initialWindow = value;
            }
        }
        frame(SETTINGS, ACK, 0, new byte[0]);
        flush();
    }

    private void renewWindow(int bytes) {
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    private void frame(int type, int flags, int id, byte[] payload) {
        out.writeBytes(ByteBuffer.allocate(9 + payload.length)
                .putInt((payload.length << 8) | type)
                .put((byte) flags)
                .putInt(id)
                .put(payload)
                .array());
    }
}
