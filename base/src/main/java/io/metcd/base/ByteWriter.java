package io.metcd.base;

import java.util.Arrays;

/** A growing buffer for our binary forms: big-endian fixed numbers, LEB128 varints, length-prefixed byte strings. */
public final class ByteWriter {
    private byte[] array;
    private int size;

    public ByteWriter() {
        this(64);
    }

    public ByteWriter(int expectedSize) {
        this.array = new byte[Math.max(16, expectedSize)];
    }

    public int size() {
        return size;
    }

    public ByteWriter u8(int value) {
        ensure(1);
        array[size++] = (byte) value;
        return this;
    }

    public ByteWriter u16(int value) {
        ensure(2);
        array[size] = (byte) (value >>> 8);
        array[size + 1] = (byte) value;
        size += 2;
        return this;
    }

    public ByteWriter u32(int value) {
        ensure(4);
        putU32(size, value);
        size += 4;
        return this;
    }

    public ByteWriter u64(long value) {
        ensure(8);
        putU32(size, (int) (value >>> 32));
        putU32(size + 4, (int) value);
        size += 8;
        return this;
    }

    /** Unsigned LEB128: 1 to 10 bytes; a negative value takes 10. */
    public ByteWriter varint(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            array[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        array[size++] = (byte) rest;
        return this;
    }

    public ByteWriter bool(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** A varint length, then the bytes. */
    public ByteWriter bytes(Bytes value) {
        return varint(value.size()).raw(value);
    }

    public ByteWriter utf8(String value) {
        return bytes(Bytes.utf8(value));
    }

    /** The bytes alone. */
    public ByteWriter raw(Bytes value) {
        ensure(value.size());
        value.copyTo(array, size);
        size += value.size();
        return this;
    }

    /** Ends the writing: the result shares this buffer, which must not be written again. */
    public Bytes toBytes() {
        return Bytes.wrap(array, 0, size);
    }

    private void putU32(int at, int value) {
        array[at] = (byte) (value >>> 24);
        array[at + 1] = (byte) (value >>> 16);
        array[at + 2] = (byte) (value >>> 8);
        array[at + 3] = (byte) value;
    }

    private void ensure(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, size + more));
        }
    }
}
