package io.metcd.store.etcd;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/** Fields of a protobuf message in the order of their numbers; what is 0 or empty is left out. */
final class ProtoWriter {
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    private final ByteWriter out = new ByteWriter();

    ProtoWriter number(int field, long value) {
        if (value != 0) {
            out.varint((long) field << 3 | VARINT).varint(value);
        }
        return this;
    }

    ProtoWriter bytes(int field, Bytes value) {
        return value.isEmpty() ? this : message(field, value);
    }

    /** One that stands there even if it is empty. */
    ProtoWriter message(int field, Bytes value) {
        out.varint((long) field << 3 | BYTES).bytes(value);
        return this;
    }

    Bytes toBytes() {
        return out.toBytes();
    }
}
