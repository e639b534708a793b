package io.metcd.raft.codec;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.membership.Change;

/**
 * Entries, in packets and in the journal.
 *
 * <pre>index varint, then: kind u8, term varint, size varint, data</pre>
 *
 * Within an append the index is implied by the place.
 */
public final class EntryCodec {
    private EntryCodec() {}

    public static void write(Entry entry, ByteWriter to) {
        to.varint(entry.index());
        writeBody(entry, to);
    }

    /** Throws {@link Malformed}; the data shares the source. */
    public static Entry read(ByteReader from) {
        long index = from.varint();
        if (index <= 0) {
            throw new Malformed("entry with index " + index);
        }
        return readBody(index, from);
    }

    /** What an entry of kind CONFIGURATION carries. */
    public static Change change(Entry entry) {
        Invariants.check(entry.kind() == Entry.Kind.CONFIGURATION, "no configuration in %s", entry.index());
        return ConfigurationCodec.decodeChange(entry.data());
    }

    static void writeBody(Entry entry, ByteWriter to) {
        to.u8(entry.kind().code()).varint(entry.term()).bytes(entry.data());
    }

    static Entry readBody(long index, ByteReader from) {
        Entry.Kind kind = kind(from.u8());
        long term = from.varint();
        if (term <= 0) {
            throw new Malformed("entry with term " + term);
        }
        Bytes data = from.bytes();
        if (kind == Entry.Kind.CONFIGURATION) {
            ConfigurationCodec.decodeChange(data);
        }
        return new Entry(term, index, kind, data);
    }

    private static Entry.Kind kind(int code) {
        return switch (code) {
            case 0 -> Entry.Kind.NOOP;
            case 1 -> Entry.Kind.COMMAND;
            case 2 -> Entry.Kind.CONFIGURATION;
            default -> throw new Malformed("entry of kind " + code);
        };
    }
}
