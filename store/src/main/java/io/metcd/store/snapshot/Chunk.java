package io.metcd.store.snapshot;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteReader.Malformed;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.zip.CRC32C;

/**
 * A piece of a snapshot's stream in its frame: mark, number, whether it is the last, the piece, and a checksum of all
 * that.
 */
record Chunk(int number, boolean last, Bytes piece) {
    private static final int MARK = 0x6d534e31;
    private static final int CHECKSUM_BYTES = 4;

    /** What the frame adds to the piece. */
    static final int FRAME_BYTES = 4 + 4 + 1 + CHECKSUM_BYTES;

    Bytes encode() {
        ByteWriter out = new ByteWriter(FRAME_BYTES + piece.size());
        out.u32(MARK).u32(number).bool(last).raw(piece);
        return out.u32(checksum(out.toBytes())).toBytes();
    }

    static Chunk decode(Bytes bytes) {
        if (bytes.size() < FRAME_BYTES) {
            throw new Malformed("snapshot chunk of " + bytes.size() + " bytes");
        }
        int end = bytes.size() - CHECKSUM_BYTES;
        int expected = new ByteReader(bytes.slice(end, bytes.size())).u32();
        if (checksum(bytes.slice(0, end)) != expected) {
            throw new Malformed("snapshot chunk with a wrong checksum");
        }
        ByteReader in = new ByteReader(bytes.slice(0, end));
        int mark = in.u32();
        if (mark != MARK) {
            throw new Malformed("snapshot chunk with the mark " + Integer.toHexString(mark));
        }
        return new Chunk(in.u32(), in.bool(), in.rest());
    }

    private static int checksum(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
