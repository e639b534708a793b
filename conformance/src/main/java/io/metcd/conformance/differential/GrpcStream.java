package io.metcd.conformance.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/** What has come on one stream of a {@link GrpcChannel}. */
public final class GrpcStream {
    private static final int HEAD_BYTES = 5;

    final int id;

    /** How much may still be sent, in bytes. */
    long window;

    private final Deque<byte[]> messages = new ArrayDeque<>();
    private final Map<String, String> headers = new TreeMap<>();
    private ByteArrayOutputStream unread = new ByteArrayOutputStream();
    private int resetCode = -1;
    private boolean ended;

    GrpcStream(int id, long window) {
        this.id = id;
        this.window = window;
    }

    void onHeaders(Map<String, String> more, boolean last) {
        headers.putAll(more);
        ended |= last;
    }

    /** A reset behind the end only says that nothing more is read. */
    void onReset(int code) {
        resetCode = ended ? resetCode : code;
        ended = true;
    }

    void onBody(byte[] payload, int from, int length) {
        unread.write(payload, from, length);
        if (!"200".equals(headers.get(":status"))
                || !headers.getOrDefault("content-type", "").startsWith("application/grpc")) {
            return; // an answer in words
        }
        byte[] all = unread.toByteArray();
        int at = 0;
        while (all.length - at >= HEAD_BYTES) {
            int size = ByteBuffer.wrap(all, at + 1, 4).getInt();
            if (all.length - at - HEAD_BYTES < size) {
                break;
            }
            messages.add(
                    ByteBuffer.allocate(size).put(all, at + HEAD_BYTES, size).array());
            at += HEAD_BYTES + size;
        }
        if (at > 0) {
            unread = new ByteArrayOutputStream();
            unread.write(all, at, all.length - at);
        }
    }

    void onEnd() {
        ended = true;
    }

    public boolean hasEnded() {
        return ended;
    }

    public boolean hasMessage() {
        return !messages.isEmpty();
    }

    public byte[] take() {
        return messages.remove();
    }

    /** Puts back what was taken, changed. */
    void putBack(byte[] message) {
        messages.addFirst(message);
    }

    /** The next message, which stays. */
    byte[] peek() {
        return messages.element();
    }

    /** How the stream ended, in words: the code's name and the text, or what was not gRPC about it. */
    public String status() throws IOException {
        if (resetCode >= 0) {
            return "RESET " + resetCode;
        }
        String http = headers.getOrDefault(":status", "none");
        if (!headers.containsKey("grpc-status")) {
            return "HTTP " + http + " " + headers.getOrDefault("content-type", "");
        }
        Code code = Code.of(Integer.parseInt(headers.getOrDefault("grpc-status", "2")));
        String text = Percent.decode(headers.getOrDefault("grpc-message", ""));
        return code + (text.isEmpty() ? "" : ": " + text) + (http.equals("200") ? "" : " (HTTP " + http + ")");
    }

    /** The status codes of gRPC, by number. */
    enum Code {
        OK,
        CANCELLED,
        UNKNOWN,
        INVALID_ARGUMENT,
        DEADLINE_EXCEEDED,
        NOT_FOUND,
        ALREADY_EXISTS,
        PERMISSION_DENIED,
        RESOURCE_EXHAUSTED,
        FAILED_PRECONDITION,
        ABORTED,
        OUT_OF_RANGE,
        UNIMPLEMENTED,
        INTERNAL,
        UNAVAILABLE,
        DATA_LOSS,
        UNAUTHENTICATED;

        static Code of(int number) throws IOException {
            if (number < 0 || number >= values().length) {
                throw new IOException("no status of gRPC: " + number);
            }
            return values()[number];
        }
    }
}
