package io.metcd.conformance.differential;

/** Walks the fields of an encoded message between two places. */
final class Fields {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final byte[] bytes;
    private final int end;
    private int place;
    private int number;
    private int type;
    private long value;
    private int from;
    private int to;

    Fields(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.place = start;
        this.end = end;
    }

    /** Goes to the next field; {@link ArrayIndexOutOfBoundsException} where there is none but should be. */
    boolean next() {
        if (place >= end) {
            return false;
        }
        long tag = varint();
        number = (int) (tag >>> 3);
        type = (int) tag & 7;
        value = 0;
        from = place;
        switch (type) {
            case VARINT -> value = varint();
            case FIXED64 -> place += 8;
            case FIXED32 -> place += 4;
            case BYTES -> {
                int length = (int) varint();
                from = place;
                place += length;
            }
            default -> throw new ArrayIndexOutOfBoundsException(place);
        }
        to = place;
        if (place > end || to < from) {
            throw new ArrayIndexOutOfBoundsException(place);
        }
        return true;
    }

    int number() {
        return number;
    }

    boolean isBytes() {
        return type == BYTES;
    }

    /** Of a varint. */
    long value() {
        return value;
    }

    /** Where the field's bytes begin. */
    int from() {
        return from;
    }

    int to() {
        return to;
    }

    private long varint() {
        long read = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes[place++];
            read |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return read;
            }
        }
    }
}
