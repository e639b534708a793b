package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.codec.EntryCodec;
import java.util.function.Consumer;

/**
 * Items in a record's payload, each behind its code.
 *
 * <pre>
 * 1  term varint, vote u64, commit varint
 * 2  size varint, entry
 * 3  index varint, term varint, configuration bytes, checksum u32, continues u8
 * 4  (nothing)
 * </pre>
 */
final class ItemCodec {
    private ItemCodec() {}

    private static int code(Item item) {
        if (item instanceof Item.State) {
            return 1;
        }
        if (item instanceof Item.Appended) {
            return 2;
        }
        return item instanceof Item.Marked ? 3 : 4;
    }

    /** At most what {@link #write} takes. */
    static long sizeMax(Item item) {
        if (item instanceof Item.Appended appended) {
            return 32L + appended.entry().data().size();
        }
        return item instanceof Item.Marked marked
                ? 64L + ConfigurationCodec.encode(marked.mark().configuration()).size()
                : 32;
    }

    static void write(Item item, ByteWriter to) {
        to.u8(code(item));
        if (item instanceof Item.State state) {
            write(state.hardState(), to);
        } else if (item instanceof Item.Appended appended) {
            Entry entry = appended.entry();
            ByteWriter inner = new ByteWriter(entry.data().size() + 24);
            EntryCodec.write(entry, inner);
            to.bytes(inner.toBytes());
        } else if (item instanceof Item.Marked marked) {
            write(marked.mark(), to);
            to.u32(marked.checksum()).bool(marked.continues());
        }
    }

    /** Reads a record's payload; throws {@link ByteReader.Malformed}. */
    static void read(Bytes payload, Consumer<Item> to) {
        ByteReader reader = new ByteReader(payload);
        while (reader.hasRemaining()) {
            to.accept(read(reader));
        }
    }

    private static Item read(ByteReader from) {
        int code = from.u8();
        return switch (code) {
            case 1 -> new Item.State(readState(from));
            case 2 -> {
                ByteReader inner = new ByteReader(from.bytes());
                Entry entry = EntryCodec.read(inner);
                inner.end();
                yield new Item.Appended(entry);
            }
            case 3 -> new Item.Marked(readMark(from), from.u32(), from.bool());
            case 4 -> new Item.Sealed();
            default -> throw new ByteReader.Malformed("an item of kind " + code);
        };
    }

    static void write(HardState state, ByteWriter to) {
        to.varint(state.term()).u64(state.vote()).varint(state.commit());
    }

    static HardState readState(ByteReader from) {
        long term = from.varint();
        long vote = from.u64();
        long commit = from.varint();
        if (term < 0 || commit < 0) {
            throw new ByteReader.Malformed("a hard state of term " + term);
        }
        return new HardState(term, vote, commit);
    }

    static void write(SnapshotMark mark, ByteWriter to) {
        to.varint(mark.index()).varint(mark.term()).bytes(ConfigurationCodec.encode(mark.configuration()));
    }

    static SnapshotMark readMark(ByteReader from) {
        long index = from.varint();
        long term = from.varint();
        if (index <= 0 || term <= 0) {
            throw new ByteReader.Malformed("a snapshot at " + term + "/" + index);
        }
        return new SnapshotMark(index, term, ConfigurationCodec.decode(from.bytes()));
    }
}
