package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.journal.segment.Chain;
import io.metcd.journal.segment.FileHead;
import io.metcd.raft.HardState;
import java.util.ArrayList;
import java.util.List;

/**
 * How a segment of the log begins: all that must be known of the segments before it, so that they can be deleted.
 *
 * <pre>
 * label bytes, number varint, allocated varint, salt u64, record varint, checksum of the record before u32,
 * last index varint, term varint, vote u64, commit varint, count u8 (at most 2), each: snapshot, checksum u32
 * </pre>
 *
 * @param number of the segment, from 1
 * @param allocated the size of its file; one that is shorter has lost something
 * @param chain where its first record stands
 * @param lastIndex where the log ended when the segment was begun
 * @param marks the snapshots that counted then, the older first
 */
record SegmentHead(
        Bytes label, long number, long allocated, Chain chain, long lastIndex, HardState hardState, List<Kept> marks) {
    /** A snapshot that counts, and the checksum of its file. */
    record Kept(SnapshotMark mark, int checksum) {}

    SegmentHead {
        marks = List.copyOf(marks);
    }

    Bytes encode() {
        ByteWriter writer = new ByteWriter(256)
                .bytes(label)
                .varint(number)
                .varint(allocated)
                .u64(chain.salt())
                .varint(chain.number())
                .u32(chain.previous())
                .varint(lastIndex);
        ItemCodec.write(hardState, writer);
        writer.u8(marks.size());
        for (Kept kept : marks) {
            ItemCodec.write(kept.mark(), writer);
            writer.u32(kept.checksum());
        }
        return FileHead.encode(FileHead.Kind.LOG, writer.toBytes());
    }

    /** Throws {@link ByteReader.Malformed}. */
    static SegmentHead decode(Bytes body) {
        ByteReader reader = new ByteReader(body);
        Bytes label = reader.bytes().compact();
        long number = reader.varint();
        long allocated = reader.varint();
        long salt = reader.u64();
        Chain chain = new Chain(salt, reader.varint(), reader.u32());
        long lastIndex = reader.varint();
        HardState hardState = ItemCodec.readState(reader);
        List<Kept> marks = new ArrayList<>();
        for (int count = reader.u8(); count > 0; count--) {
            marks.add(new Kept(ItemCodec.readMark(reader), reader.u32()));
        }
        reader.end();
        return new SegmentHead(label, number, allocated, chain, lastIndex, hardState, marks);
    }
}
