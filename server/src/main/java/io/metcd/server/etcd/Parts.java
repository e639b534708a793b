package io.metcd.server.etcd;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import io.metcd.base.Bytes;
import io.metcd.server.rpc.Payload;
import io.metcd.store.kv.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A message of the API put together from parts, in the order of their fields. Pairs of the store are part of it as they
 * are and become bytes when they leave: however much a range holds, only a piece of its answer is made at a time.
 */
final class Parts implements Payload {
    private final List<Part> parts = new ArrayList<>(4);
    private long size;

    /** Adds all fields that are set in a message of the same type. */
    Parts fields(MessageLite message) {
        return add(new Fields(message));
    }

    /** Adds a repeated or single field of type mvccpb.KeyValue. */
    Parts pairs(int field, List<KeyValue> kvs) {
        return kvs.isEmpty() ? this : add(new Pairs(field, kvs));
    }

    /** Adds a field whose encoding is there already. */
    Parts encoded(int field, Bytes message) {
        return add(new Encoded(field, message));
    }

    /** Adds a field that is a message put together itself. */
    Parts message(int field, Parts inner) {
        add(new Opening(field, inner.size));
        parts.addAll(inner.parts);
        size += inner.size;
        return this;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void writeTo(CodedOutputStream out) throws IOException {
        for (Part part : parts) {
            for (int unit = 0; unit < part.units(); unit++) {
                part.write(unit, out);
            }
        }
    }

    @Override
    public Iterator<Bytes> pieces(int pieceBytes) {
        return new Pieces(parts, pieceBytes);
    }

    private Parts add(Part part) {
        parts.add(part);
        for (int unit = 0; unit < part.units(); unit++) {
            size += part.size(unit);
        }
        return this;
    }

    /** What is written without a pause is a unit. */
    private sealed interface Part {
        int units();

        int size(int unit);

        void write(int unit, CodedOutputStream out) throws IOException;
    }

    private record Fields(MessageLite message) implements Part {
        @Override
        public int units() {
            return 1;
        }

        @Override
        public int size(int unit) {
            return message.getSerializedSize();
        }

        @Override
        public void write(int unit, CodedOutputStream out) throws IOException {
            message.writeTo(out);
        }
    }

    private record Pairs(int field, List<KeyValue> kvs) implements Part {
        @Override
        public int units() {
            return kvs.size();
        }

        @Override
        public int size(int unit) {
            return PairForm.fieldSize(field, kvs.get(unit));
        }

        @Override
        public void write(int unit, CodedOutputStream out) throws IOException {
            PairForm.writeField(field, kvs.get(unit), out);
        }
    }

    private record Encoded(int field, Bytes message) implements Part {
        @Override
        public int units() {
            return 1;
        }

        @Override
        public int size(int unit) {
            return CodedOutputStream.computeTagSize(field)
                    + CodedOutputStream.computeUInt32SizeNoTag(message.size())
                    + message.size();
        }

        @Override
        public void write(int unit, CodedOutputStream out) throws IOException {
            out.writeByteArray(field, message.sharedArray(), message.sharedOffset(), message.size());
        }
    }

    /** Tag and length of a message whose own parts follow. */
    private record Opening(int field, long length) implements Part {
        @Override
        public int units() {
            return 1;
        }

        @Override
        public int size(int unit) {
            return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt64SizeNoTag(length);
        }

        @Override
        public void write(int unit, CodedOutputStream out) throws IOException {
            out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
            out.writeUInt64NoTag(length);
        }
    }

    private static final class Pieces implements Iterator<Bytes> {
        private final List<Part> parts;
        private final int pieceBytes;
        private int part;
        private int unit;

        Pieces(List<Part> parts, int pieceBytes) {
            this.parts = parts;
            this.pieceBytes = pieceBytes;
        }

        @Override
        public boolean hasNext() {
            return part < parts.size();
        }

        /** As many units as make up a piece: counted first, then written. */
        @Override
        public Bytes next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int fromPart = part;
            int fromUnit = unit;
            long bytes = 0;
            while (hasNext() && (bytes == 0 || bytes + parts.get(part).size(unit) <= pieceBytes)) {
                bytes += parts.get(part).size(unit);
                advance();
            }
            return written(fromPart, fromUnit, Math.toIntExact(bytes));
        }

        private Bytes written(int fromPart, int fromUnit, int size) {
            int toPart = part;
            int toUnit = unit;
            byte[] piece = new byte[size];
            CodedOutputStream out = CodedOutputStream.newInstance(piece);
            part = fromPart;
            unit = fromUnit;
            try {
                while (part != toPart || unit != toUnit) {
                    parts.get(part).write(unit, out);
                    advance();
                }
            } catch (IOException impossible) {
                throw new AssertionError("an array cannot fail", impossible);
            }
            out.checkNoSpaceLeft();
            return Bytes.wrap(piece);
        }

        private void advance() {
            unit++;
            if (unit == parts.get(part).units()) {
                unit = 0;
                part++;
            }
        }
    }
}
