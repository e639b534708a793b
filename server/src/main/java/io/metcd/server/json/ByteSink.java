package io.metcd.server.json;

import io.metcd.base.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow; with the pieces of which a message on the wire consists. */
final class ByteSink {
    private byte[] bytes;
    private int size;

    ByteSink(int expected) {
        this.bytes = new byte[Math.max(expected, 64)];
    }

    int size() {
        return size;
    }

    /** What was written; the sink is used no more. */
    Bytes done() {
        return Bytes.wrap(bytes, 0, size);
    }

    void put(int b) {
        room(1);
        bytes[size] = (byte) b;
        size++;
    }

    void put(Bytes source) {
        room(source.size());
        source.copyTo(bytes, size);
        size += source.size();
    }

    void put(byte[] source) {
        room(source.length);
        System.arraycopy(source, 0, bytes, size, source.length);
        size += source.length;
    }

    /** Text of ASCII characters only. */
    @SuppressWarnings("deprecation") // the cheap way for ASCII
    void ascii(String text) {
        room(text.length());
        text.getBytes(0, text.length(), bytes, size);
        size += text.length();
    }

    void utf8(String text) {
        put(text.getBytes(StandardCharsets.UTF_8));
    }

    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            put((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        put((int) rest);
    }

    /** Puts the length of all that was written since then in front of it. */
    void prefixLength(int since) {
        int length = size - since;
        int width = 1;
        while (length >>> (7 * width) != 0) {
            width++;
        }
        room(width);
        System.arraycopy(bytes, since, bytes, since + width, length);
        int end = size + width;
        size = since;
        varint(length);
        size = end;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(
                    bytes, Math.max(Math.addExact(size, more), (int) Math.min(2L * bytes.length, 1 << 30)));
        }
    }
}
