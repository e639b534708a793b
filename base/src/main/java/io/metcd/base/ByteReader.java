package io.metcd.base;

/**
 * Reads what {@link ByteWriter} wrote. Every length is checked against what is left before anything is allocated;
 * whatever does not fit is {@link Malformed}, never an index error.
 */
public final class ByteReader {
    private final Bytes source;
    private int position;

    public ByteReader(Bytes source) {
        this.source = source;
    }

    public int remaining() {
        return source.size() - position;
    }

    public boolean hasRemaining() {
        return position < source.size();
    }

    public int u8() {
        need(1);
        return source.at(position++) & 0xff;
    }

    public int u16() {
        return (u8() << 8) | u8();
    }

    public int u32() {
        return (u16() << 16) | u16();
    }

    public long u64() {
        return ((long) u32() << 32) | (u32() & 0xffff_ffffL);
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int part = u8();
            value |= (long) (part & 0x7f) << shift;
            if (part < 0x80) {
                if (shift == 63 && part > 1) {
                    throw new Malformed("varint beyond 64 bits");
                }
                return value;
            }
        }
        throw new Malformed("varint of more than 10 bytes");
    }

    /** A varint that must lie in [0, max], for lengths and counts. */
    public int count(int max) {
        long value = varint();
        if (value < 0 || value > max) {
            throw new Malformed("count " + Long.toUnsignedString(value) + " above the maximum " + max);
        }
        return (int) value;
    }

    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new Malformed("boolean byte " + value);
        }
        return value == 1;
    }

    /** A length-prefixed byte string, sharing the source. */
    public Bytes bytes() {
        return raw(count(remaining()));
    }

    public String utf8() {
        return bytes().toUtf8();
    }

    /** The next {@code size} bytes, sharing the source. */
    public Bytes raw(int size) {
        need(size);
        Bytes part = source.slice(position, position + size);
        position += size;
        return part;
    }

    /** Everything left. */
    public Bytes rest() {
        return raw(remaining());
    }

    /** Call when everything must have been read. */
    public void end() {
        if (hasRemaining()) {
            throw new Malformed(remaining() + " bytes too many");
        }
    }

    private void need(int size) {
        if (size < 0 || size > remaining()) {
            throw new Malformed("truncated: " + size + " bytes wanted, " + remaining() + " left");
        }
    }

    /** The input is not what its format says. Caught in a shell, which drops the input or closes its source. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public Malformed(String text) {
            super(text);
        }
    }
}
