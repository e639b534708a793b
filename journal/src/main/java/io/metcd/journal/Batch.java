package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.codec.EntryCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The payloads of a log's records.
 *
 * <pre>
 * head:   format u8, label bytes, has a snapshot u8, then: index varint, term varint, configuration bytes
 * batch:  has a hard state u8, then: term varint, vote u64, commit varint; each entry: size varint, entry
 * </pre>
 */
record Batch(Optional<HardState> hardState, List<Placed> entries) {
    private static final int FORMAT = 1;

    /** An entry and where it stands within the payload. */
    record Placed(Entry entry, int offset, int size) {}

    /** The first record of a log. */
    record Head(Bytes label, Optional<SnapshotMark> mark) {
        Bytes encode() {
            ByteWriter writer = new ByteWriter().u8(FORMAT).bytes(label).bool(mark.isPresent());
            mark.ifPresent(each -> writer.varint(each.index())
                    .varint(each.term())
                    .bytes(ConfigurationCodec.encode(each.configuration())));
            return writer.toBytes();
        }

        static Head decode(Bytes payload) {
            ByteReader reader = new ByteReader(payload);
            int format = reader.u8();
            if (format != FORMAT) {
                throw new ByteReader.Malformed("a log of format " + format + ", expected " + FORMAT);
            }
            Bytes label = reader.bytes();
            Optional<SnapshotMark> mark = reader.bool()
                    ? Optional.of(new SnapshotMark(
                            reader.varint(), reader.varint(), ConfigurationCodec.decode(reader.bytes())))
                    : Optional.empty();
            reader.end();
            return new Head(label, mark);
        }
    }

    /** Encodes a batch; {@link #entries} of the result say where each entry stands. */
    static Encoded encode(Optional<HardState> hardState, List<Bytes> encodedEntries) {
        int size = 32;
        for (Bytes entry : encodedEntries) {
            size += entry.size() + 5;
        }
        ByteWriter writer = new ByteWriter(size).bool(hardState.isPresent());
        hardState.ifPresent(
                state -> writer.varint(state.term()).u64(state.vote()).varint(state.commit()));
        int[] offsets = new int[encodedEntries.size()];
        for (int i = 0; i < offsets.length; i++) {
            Bytes entry = encodedEntries.get(i);
            writer.varint(entry.size());
            offsets[i] = writer.size();
            writer.raw(entry);
        }
        return new Encoded(writer.toBytes(), offsets);
    }

    /** A payload, and where each entry begins in it. */
    @SuppressWarnings("ArrayRecordComponent") // A local of two methods, never compared.
    record Encoded(Bytes payload, int[] offsets) {}

    static Bytes encode(Entry entry) {
        ByteWriter writer = new ByteWriter(entry.data().size() + 24);
        EntryCodec.write(entry, writer);
        return writer.toBytes();
    }

    static Batch decode(Bytes payload) {
        ByteReader reader = new ByteReader(payload);
        Optional<HardState> hardState = reader.bool()
                ? Optional.of(new HardState(reader.varint(), reader.u64(), reader.varint()))
                : Optional.empty();
        List<Placed> entries = new ArrayList<>();
        while (reader.hasRemaining()) {
            int size = reader.count(reader.remaining());
            int offset = payload.size() - reader.remaining();
            ByteReader inner = new ByteReader(reader.raw(size));
            Entry entry = EntryCodec.read(inner);
            inner.end();
            entries.add(new Placed(entry, offset, size));
        }
        return new Batch(hardState, entries);
    }
}
