package io.metcd.server.etcd;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.metcd.api.mvccpb.Event;
import io.metcd.api.mvccpb.KeyValue;
import io.metcd.base.Bytes;
import java.io.IOException;

/** Writes pairs and events of the store as the messages of mvccpb, without making those first. */
final class PairForm {
    private PairForm() {}

    /** Tag, length and message. */
    static int fieldSize(int field, io.metcd.store.kv.KeyValue kv) {
        int size = size(kv);
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    static void writeField(int field, io.metcd.store.kv.KeyValue kv, CodedOutputStream out) throws IOException {
        out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        out.writeUInt32NoTag(size(kv));
        writeBytes(KeyValue.KEY_FIELD_NUMBER, kv.key(), out);
        writeNumber(KeyValue.CREATE_REVISION_FIELD_NUMBER, kv.createRevision(), out);
        writeNumber(KeyValue.MOD_REVISION_FIELD_NUMBER, kv.modRevision(), out);
        writeNumber(KeyValue.VERSION_FIELD_NUMBER, kv.version(), out);
        writeBytes(KeyValue.VALUE_FIELD_NUMBER, kv.value(), out);
        writeNumber(KeyValue.LEASE_FIELD_NUMBER, kv.lease(), out);
    }

    /** A whole mvccpb.Event. */
    static Bytes event(io.metcd.store.kv.Event event) {
        int type = switch (event.type()) {
            case PUT -> Event.EventType.PUT_VALUE;
            case DELETE -> Event.EventType.DELETE_VALUE;
        };
        int size = numberSize(Event.TYPE_FIELD_NUMBER, type) + fieldSize(Event.KV_FIELD_NUMBER, event.kv());
        if (event.previous().isPresent()) {
            size += fieldSize(Event.PREV_KV_FIELD_NUMBER, event.previous().get());
        }
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writeNumber(Event.TYPE_FIELD_NUMBER, type, out);
            writeField(Event.KV_FIELD_NUMBER, event.kv(), out);
            if (event.previous().isPresent()) {
                writeField(Event.PREV_KV_FIELD_NUMBER, event.previous().get(), out);
            }
        } catch (IOException impossible) {
            throw new AssertionError("an array cannot fail", impossible);
        }
        out.checkNoSpaceLeft();
        return Bytes.wrap(bytes);
    }

    private static int size(io.metcd.store.kv.KeyValue kv) {
        return bytesSize(KeyValue.KEY_FIELD_NUMBER, kv.key())
                + numberSize(KeyValue.CREATE_REVISION_FIELD_NUMBER, kv.createRevision())
                + numberSize(KeyValue.MOD_REVISION_FIELD_NUMBER, kv.modRevision())
                + numberSize(KeyValue.VERSION_FIELD_NUMBER, kv.version())
                + bytesSize(KeyValue.VALUE_FIELD_NUMBER, kv.value())
                + numberSize(KeyValue.LEASE_FIELD_NUMBER, kv.lease());
    }

    private static int bytesSize(int field, Bytes bytes) {
        return bytes.isEmpty()
                ? 0
                : CodedOutputStream.computeTagSize(field)
                        + CodedOutputStream.computeUInt32SizeNoTag(bytes.size())
                        + bytes.size();
    }

    private static int numberSize(int field, long number) {
        return number == 0 ? 0 : CodedOutputStream.computeInt64Size(field, number);
    }

    private static void writeBytes(int field, Bytes bytes, CodedOutputStream out) throws IOException {
        if (!bytes.isEmpty()) {
            out.writeByteArray(field, bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        }
    }

    private static void writeNumber(int field, long number, CodedOutputStream out) throws IOException {
        if (number != 0) {
            out.writeInt64(field, number);
        }
    }
}
