package io.metcd.store.etcd;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.Bytes;

/** Fields of a protobuf message, one after the other: {@link #next} says which, then it is taken or passed over. */
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteReader in;
    private int form;

    ProtoReader(Bytes message) {
        this.in = new ByteReader(message);
    }

    /** The number of the next field; 0 at the end. */
    int next() {
        if (!in.hasRemaining()) {
            return 0;
        }
        long tag = in.varint();
        form = (int) tag & 7;
        int field = (int) (tag >>> 3);
        if (field <= 0 || tag >>> 3 != field) {
            throw new Malformed("field " + (tag >>> 3));
        }
        return field;
    }

    long number() {
        require(VARINT);
        return in.varint();
    }

    Bytes bytes() {
        require(BYTES);
        return in.bytes();
    }

    /** Passes over a field that newer versions have. */
    void skip() {
        switch (form) {
            case VARINT -> in.varint();
            case FIXED64 -> in.u64();
            case BYTES -> in.bytes();
            case FIXED32 -> in.u32();
            default -> throw new Malformed("field of form " + form);
        }
    }

    private void require(int wanted) {
        if (form != wanted) {
            throw new Malformed("field of form " + form + ", not " + wanted);
        }
    }
}
