package io.metcd.server.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One HTTP/1.1 connection as curl makes it, in bytes: nothing is added, repeated or repaired on the way. */
public final class Http implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;

    public Http(int port) {
        this(port, "127.0.0.1");
    }

    /** From another address of this machine. */
    public Http(int port, String from) {
        try {
            this.socket = new Socket(InetAddress.getByName("127.0.0.1"), port, InetAddress.getByName(from), 0);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            this.in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** An answer that is complete. */
    public record Answer(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** The head of an answer whose body may still come. */
    public record Head(int status, Map<String, String> headers) {}

    /** A POST on a connection of its own. */
    public static Answer post(int port, String path, String body) {
        return ask(port, "POST", path, "", body);
    }

    public static Answer get(int port, String path) {
        return ask(port, "GET", path, "", "");
    }

    /** Header lines end with CR LF each. */
    public static Answer ask(int port, String method, String path, String headers, String body) {
        try (Http http = new Http(port)) {
            return http.ask(method, path, headers, body.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    public Answer ask(String method, String path, String headers, byte[] body) {
        begin(method, path, headers + "Content-Length: " + body.length + "\r\n");
        sendRaw(body);
        Head head = head();
        return new Answer(head.status, head.headers, method.equals("HEAD") ? "" : body(head));
    }

    /** The first line and the headers. */
    public void begin(String method, String path, String headers) {
        send(method + " " + path + " HTTP/1.1\r\n" + (headers.contains("Host:") ? "" : "Host: localhost\r\n") + headers
                + "\r\n");
    }

    /** A request with chunks, of which none has been sent yet. */
    public void beginChunks(String path) {
        begin("POST", path, "Transfer-Encoding: chunked\r\n");
    }

    public void chunk(String text) {
        send(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
    }

    public void endChunks() {
        send("0\r\n\r\n");
    }

    public void send(String text) {
        sendRaw(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public void sendRaw(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Head head() {
        String[] first = line().split(" ", 3);
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Head(Integer.parseInt(first[1]), headers);
    }

    /** All of the body. */
    public String body(Head head) {
        if (head.headers.containsKey("content-length")) {
            return text(Integer.parseInt(head.headers.get("content-length")));
        }
        StringBuilder body = new StringBuilder();
        for (String piece = nextChunk(); !piece.isEmpty(); piece = nextChunk()) {
            body.append(piece);
        }
        return body.toString();
    }

    /** How much comes of a body that the server does not end. */
    public int bodyUntilClosed(Head head) {
        if (!head.headers.containsKey("content-length")) {
            throw new AssertionError("nobody could see that it has no end");
        }
        int taken = 0;
        try {
            byte[] piece = new byte[64 << 10];
            for (int size = in.read(piece); size >= 0; size = in.read(piece)) {
                taken += size;
            }
        } catch (IOException reset) {
            return taken;
        }
        return taken;
    }

    /** The next piece of a body in chunks; empty at its end. */
    public String nextChunk() {
        int size = Integer.parseInt(line(), 16);
        String piece = text(size);
        line();
        return piece;
    }

    /** Whether the server has closed the connection. */
    public boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String text(int size) {
        try {
            byte[] bytes = in.readNBytes(size);
            if (bytes.length < size) {
                throw new AssertionError("the connection ended after " + bytes.length + " of " + size + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new AssertionError("the connection ended; before that: " + line);
                }
                line.write(b);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
