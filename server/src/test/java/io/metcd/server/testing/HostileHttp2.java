package io.metcd.server.testing;

import io.metcd.base.Bytes;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** One connection of HTTP/2, frame by frame (RFC 9113): it sends what no client would. */
public final class HostileHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int END_STREAM = 1;
    public static final int ACK = 1;
    public static final int END_HEADERS = 4;

    public static final int PROTOCOL_ERROR = 1;
    public static final int FLOW_CONTROL_ERROR = 3;
    public static final int REFUSED_STREAM = 7;
    public static final int CANCEL = 8;
    public static final int ENHANCE_YOUR_CALM = 11;

    /** The word of a server that closes while more comes: the system may drop it with the rest of the connection. */
    public static final int UNHEARD = -1;

    /** The first byte of a length that does not fit into it (RFC 7541, section 5.1). */
    private static final int LENGTH_MAX = 0x7f;

    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_BYTES = 5;
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 9;
    private static final int BATCH_BYTES = 32 << 10;
    private static final int TIMEOUT_MILLIS = 20_000;
    private static final Frame END = new Frame(-1, 0, 0, Bytes.EMPTY, Map.of());

    private final Socket socket = new Socket();
    private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

    /** A frame of the server; headers only in HEADERS. */
    public record Frame(int type, int flags, int stream, Bytes payload, Map<String, String> headers) {
        public boolean ends() {
            return type <= HEADERS && (flags & END_STREAM) != 0;
        }

        /** The number in the last four bytes of what is no more than eight. */
        public int number() {
            return ByteBuffer.wrap(payload.toArray()).getInt(Math.min(4, payload.size() - 4));
        }
    }

    private HostileHttp2(int port, int receiveBuffer) {
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.getOutputStream().write(PREFACE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client that has agreed on settings, and reads all that comes. */
    public static HostileHttp2 connect(int port) {
        return connect(port, "");
    }

    /** The same, with settings, of six bytes each. */
    public static HostileHttp2 connect(int port, String settings) {
        HostileHttp2 connection = new HostileHttp2(port, 0);
        connection.send(frame(SETTINGS, 0, 0, settings));
        Thread reader = new Thread(connection::read, "hostile-http2");
        reader.setDaemon(true);
        reader.start();
        connection.next(SETTINGS);
        return connection;
    }

    /** A client that has agreed on settings, unseen, and reads nothing. */
    public static HostileHttp2 deaf(int port) {
        HostileHttp2 connection = new HostileHttp2(port, 4096);
        connection.send(frame(SETTINGS, 0, 0, ""));
        connection.send(frame(SETTINGS, ACK, 0, ""));
        return connection;
    }

    public static byte[] frame(int type, int flags, int stream, String hex) {
        return frame(type, flags, stream, HexFormat.of().parseHex(hex));
    }

    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(HEAD_BYTES + payload.length);
        frame.putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload);
        return frame.array();
    }

    /** The beginning of a call of gRPC. */
    public static byte[] call(int stream, String path) {
        return frame(HEADERS, END_HEADERS, stream, callHeaders(path));
    }

    /** The same without a frame around it, in HPACK without a table (RFC 7541). */
    public static byte[] callHeaders(String path) {
        return headers("/" + path, "application/grpc");
    }

    /** Of a POST. */
    public static byte[] headers(String path, String contentType) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        block.writeBytes(new byte[] {(byte) 0x83, (byte) 0x86});
        block.writeBytes(header(":path", path));
        block.writeBytes(header("content-type", contentType));
        return block.toByteArray();
    }

    /** A message of gRPC and, with it, the end of the request. */
    public static byte[] message(int stream, byte... content) {
        ByteBuffer message = ByteBuffer.allocate(5 + content.length);
        message.put((byte) 0).putInt(content.length).put(content);
        return frame(DATA, END_STREAM, stream, message.array());
    }

    public static byte[] join(byte[]... pieces) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            whole.writeBytes(piece);
        }
        return whole.toByteArray();
    }

    /** One header in HPACK, neither compressed nor in the table. */
    public static byte[] header(String name, String value) {
        ByteArrayOutputStream field = new ByteArrayOutputStream();
        field.write(0);
        for (String text : List.of(name, value)) {
            int more = text.length() - LENGTH_MAX;
            field.write(Math.min(text.length(), LENGTH_MAX));
            if (more >= 0) {
                for (; more >= 0x80; more >>>= 7) {
                    field.write((more & 0x7f) | 0x80);
                }
                field.write(more);
            }
            field.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
        return field.toByteArray();
    }

    /** False if the server has closed the connection. */
    public boolean send(byte[]... pieces) {
        try {
            synchronized (socket) {
                for (byte[] piece : pieces) {
                    socket.getOutputStream().write(piece);
                }
            }
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** Sends something so many times; false if the server closes the connection before the end. */
    public boolean repeat(int times, byte[] what) {
        int inBatch = Math.max(1, BATCH_BYTES / what.length);
        byte[] batch = new byte[inBatch * what.length];
        for (int i = 0; i < inBatch; i++) {
            System.arraycopy(what, 0, batch, i * what.length, what.length);
        }
        for (int left = times; left > 0; left -= inBatch) {
            if (!send(left < inBatch ? Arrays.copyOf(batch, left * what.length) : batch)) {
                return false;
            }
        }
        return true;
    }

    /** Sends something for each of so many streams; false if the server closes the connection before the end. */
    public boolean calls(int count, IntFunction<byte[]> ofStream) {
        ByteArrayOutputStream batch = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            batch.writeBytes(ofStream.apply(2 * i + 1));
            if (batch.size() > BATCH_BYTES || i == count - 1) {
                if (!send(batch.toByteArray())) {
                    return false;
                }
                batch.reset();
            }
        }
        return true;
    }

    /** The next frame of that type; those before it are passed over. */
    public Frame next(int type) {
        Frame frame = next();
        while (frame.type != type) {
            if (frame.equals(END)) {
                throw new AssertionError("the connection ended without a frame of type " + type);
            }
            frame = next();
        }
        return frame;
    }

    /** The frame that ends a stream: DATA, HEADERS or RST_STREAM. */
    public Frame endOf(int stream) {
        Frame frame = next();
        while (frame.stream != stream || !(frame.ends() || frame.type == RST_STREAM)) {
            if (frame.equals(END)) {
                throw new AssertionError("the connection ended before stream " + stream);
            }
            frame = next();
        }
        return frame;
    }

    /** With which error the server ends the connection, or {@link #UNHEARD}. */
    public int goAway() {
        int error = UNHEARD;
        for (Frame frame = next(); !frame.equals(END); frame = next()) {
            if (frame.type == GOAWAY) {
                error = frame.number();
            }
        }
        return error;
    }

    /** The next frame of any type. */
    public Frame next() {
        try {
            Frame frame = frames.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            if (frame == null) {
                throw new AssertionError("the server says nothing");
            }
            if (frame.equals(END)) {
                frames.add(END);
            }
            return frame;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int sizeAndType = in.readInt();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                byte[] payload = in.readNBytes(sizeAndType >>> 8);
                int type = sizeAndType & 0xff;
                Map<String, String> headers = new TreeMap<>();
                if (type == HEADERS) {
                    int priority = (flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES;
                    hpack.decodeHeaders(stream, Unpooled.wrappedBuffer(payload, priority, payload.length - priority))
                            .forEach(header -> headers.put(
                                    header.getKey().toString(),
                                    header.getValue().toString()));
                }
                if (type == SETTINGS && flags == 0) {
                    send(frame(SETTINGS, ACK, 0, ""));
                }
                frames.add(new Frame(type, flags, stream, Bytes.wrap(payload), headers));
            }
        } catch (SocketTimeoutException silence) {
            throw new UncheckedIOException(silence);
        } catch (IOException | Http2Exception closed) {
            frames.add(END);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
