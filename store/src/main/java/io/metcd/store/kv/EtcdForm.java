package io.metcd.store.kv;

import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/**
 * The bytes in which etcd stores a version: what its hashes are taken over and its snapshots hold.
 *
 * <pre>
 * key     revision u64, '_', sub revision u64, and 't' behind that of a tombstone; big-endian
 * value   mvccpb.KeyValue: key 1, create revision 2, mod revision 3, version 4, value 5, lease 6; what is 0 is left out
 * </pre>
 */
public final class EtcdForm {
    /** Of the key of a version; that of a tombstone has one byte more. */
    public static final int KEY_BYTES = 17;

    private static final int SEPARATOR = '_';
    private static final int TOMBSTONE = 't';

    /** What stands before the key, numbers and lease at their longest, and the tag and length of a value. */
    private static final int OVERHEAD_MAX = 64;

    private EtcdForm() {}

    /** The key that a version is stored by; such keys are in the order of revisions. */
    public static Bytes key(KeyValue kv) {
        ByteWriter out = new ByteWriter(KEY_BYTES + 1);
        writeKey(kv, out);
        return out.toBytes();
    }

    /** A revision as a key, or as a mark among etcd's own records. */
    public static Bytes revision(long main, long sub) {
        return new ByteWriter(KEY_BYTES).u64(main).u8(SEPARATOR).u64(sub).toBytes();
    }

    public static Bytes value(KeyValue kv) {
        ByteWriter out =
                new ByteWriter(OVERHEAD_MAX + kv.key().size() + kv.value().size());
        writeBeforeValue(kv, out);
        out.raw(kv.value());
        writeBehindValue(kv, out);
        return out.toBytes();
    }

    /** How long {@link #value} is. */
    public static int valueBytes(KeyValue kv) {
        int size = 1 + varintBytes(kv.key().size()) + kv.key().size();
        if (kv.isTombstone()) {
            return size;
        }
        size += numberBytes(kv.createRevision()) + numberBytes(kv.modRevision()) + numberBytes(kv.version());
        if (!kv.value().isEmpty()) {
            size += 1 + varintBytes(kv.value().size()) + kv.value().size();
        }
        return size + numberBytes(kv.lease());
    }

    /** Key and value, as far as the bytes of the value itself; those and {@link #writeBehindValue} follow. */
    public static void writeUpToValue(KeyValue kv, ByteWriter out) {
        writeKey(kv, out);
        writeBeforeValue(kv, out);
    }

    public static void writeBehindValue(KeyValue kv, ByteWriter out) {
        if (!kv.isTombstone()) {
            writeNumber(6, kv.lease(), out);
        }
    }

    private static void writeKey(KeyValue kv, ByteWriter out) {
        out.u64(kv.modRevision()).u8(SEPARATOR).u64(kv.subRevision());
        if (kv.isTombstone()) {
            out.u8(TOMBSTONE);
        }
    }

    private static void writeBeforeValue(KeyValue kv, ByteWriter out) {
        out.u8(1 << 3 | 2).bytes(kv.key());
        if (kv.isTombstone()) {
            return;
        }
        writeNumber(2, kv.createRevision(), out);
        writeNumber(3, kv.modRevision(), out);
        writeNumber(4, kv.version(), out);
        if (!kv.value().isEmpty()) {
            out.u8(5 << 3 | 2).varint(kv.value().size());
        }
    }

    private static void writeNumber(int field, long value, ByteWriter out) {
        if (value != 0) {
            out.u8(field << 3).varint(value);
        }
    }

    private static int numberBytes(long value) {
        return value == 0 ? 0 : 1 + varintBytes(value);
    }

    private static int varintBytes(long value) {
        return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
    }
}
