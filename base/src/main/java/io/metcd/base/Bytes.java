package io.metcd.base;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable string of bytes, ordered as unsigned bytes (the order of etcd's keys).
 *
 * <p>A slice shares the array of its parent: it costs no copy and keeps the parent alive. What is stored for long
 * calls {@link #compact()} first.
 */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int size;

    /** Lazily computed, 0 until then; racing threads compute the same value. */
    private int hash;

    private Bytes(byte[] array, int offset, int size) {
        this.array = array;
        this.offset = offset;
        this.size = size;
    }

    /** Copies the given bytes; each value is cut to its low eight bits. */
    public static Bytes of(int... values) {
        byte[] array = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            array[i] = (byte) values[i];
        }
        return wrap(array);
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Bytes copyOf(byte[] source) {
        return wrap(source.clone());
    }

    /** Takes the array over without a copy: the caller must never write to it again. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** Like {@link #wrap(byte[])} for a part of an array. */
    public static Bytes wrap(byte[] array, int offset, int size) {
        Invariants.check(offset >= 0 && size >= 0 && offset + size <= array.length, "range outside of the array");
        return size == 0 ? EMPTY : new Bytes(array, offset, size);
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public byte at(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("index " + index + " of " + size + " bytes");
        }
        return array[offset + index];
    }

    /** The bytes from {@code from} (inclusive) to {@code to} (exclusive), sharing this array. */
    public Bytes slice(int from, int to) {
        if (from < 0 || to < from || to > size) {
            throw new IndexOutOfBoundsException("slice " + from + ".." + to + " of " + size + " bytes");
        }
        return from == to ? EMPTY : new Bytes(array, offset + from, to - from);
    }

    /** These bytes followed by others. */
    public Bytes concat(Bytes tail) {
        byte[] joined = new byte[size + tail.size];
        copyTo(joined, 0);
        tail.copyTo(joined, size);
        return wrap(joined);
    }

    /** The same bytes, in an array of which they are at least three quarters: a copy, if they are less of this one. */
    public Bytes compact() {
        return size >= array.length - array.length / 4 ? this : wrap(toArray());
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + size);
    }

    public void copyTo(byte[] target, int targetOffset) {
        System.arraycopy(array, offset, target, targetOffset, size);
    }

    public boolean startsWith(Bytes prefix) {
        return size >= prefix.size
                && Arrays.equals(
                        array, offset, offset + prefix.size, prefix.array, prefix.offset, prefix.offset + prefix.size);
    }

    /** Decodes as UTF-8; malformed input becomes U+FFFD. */
    public String toUtf8() {
        return new String(array, offset, size, StandardCharsets.UTF_8);
    }

    public String toHex() {
        return HexFormat.of().formatHex(array, offset, offset + size);
    }

    /** The shared array, for shells that hand bytes to I/O without a copy; they must not write to it. */
    public byte[] sharedArray() {
        return array;
    }

    /** Where these bytes begin in {@link #sharedArray()}. */
    public int sharedOffset() {
        return offset;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + size, other.array, other.offset, other.offset + other.size);
    }

    @Override
    public boolean equals(Object object) {
        return object == this
                || (object instanceof Bytes other
                        && size == other.size
                        && Arrays.equals(
                                array, offset, offset + size, other.array, other.offset, other.offset + other.size));
    }

    @Override
    public int hashCode() {
        int result = hash;
        if (result == 0) {
            result = 1;
            for (int i = offset; i < offset + size; i++) {
                result = 31 * result + array[i];
            }
            hash = result;
        }
        return result;
    }

    /** Printable ASCII as it is, other bytes as {@code \xNN}; cut after 64 bytes. */
    @Override
    public String toString() {
        int shown = Math.min(size, 64);
        StringBuilder text = new StringBuilder(shown + 8);
        for (int i = 0; i < shown; i++) {
            int value = array[offset + i] & 0xff;
            if (value >= 0x20 && value < 0x7f && value != '\\') {
                text.append((char) value);
            } else {
                text.append("\\x").append(HexFormat.of().toHexDigits((byte) value));
            }
        }
        return shown < size ? text + "… (" + size + " bytes)" : text.toString();
    }
}
