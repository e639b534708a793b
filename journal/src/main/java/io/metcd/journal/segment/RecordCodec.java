package io.metcd.journal.segment;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.zip.CRC32C;

/**
 * One record. Records of a file are numbered from 0 without a gap, so that an old record can never pass for a new one.
 *
 * <pre>magic u32, CRC-32C u32 of what follows, size u32, number u64, payload</pre>
 */
public final class RecordCodec {
    static final int MAGIC = 0x6d74_6a31;
    /** What a record takes beside its payload. */
    public static final int HEADER_BYTES = 20;

    private static final int CHECKED_FROM = 8;

    private RecordCodec() {}

    /** A record, ready to be written. */
    public static Bytes encode(long number, Bytes payload) {
        Bytes checked = new ByteWriter(payload.size() + HEADER_BYTES)
                .u32(payload.size())
                .u64(number)
                .raw(payload)
                .toBytes();
        return new ByteWriter(checked.size() + CHECKED_FROM)
                .u32(MAGIC)
                .u32(crc(checked))
                .raw(checked)
                .toBytes();
    }

    /** Whether a whole record begins at the offset. */
    static boolean isRecord(Bytes file, int offset) {
        if (file.size() - offset < HEADER_BYTES) {
            return false;
        }
        ByteReader reader = new ByteReader(file.slice(offset, file.size()));
        if (reader.u32() != MAGIC) {
            return false;
        }
        int crc = reader.u32();
        int size = reader.u32();
        if (size < 0 || size > file.size() - offset - HEADER_BYTES) {
            return false;
        }
        return crc == crc(file.slice(offset + CHECKED_FROM, offset + HEADER_BYTES + size));
    }

    /** The number of the record that begins at the offset. */
    static long number(Bytes file, int offset) {
        return new ByteReader(file.slice(offset + 12, offset + HEADER_BYTES)).u64();
    }

    /** The payload of the record that begins at the offset. */
    static Bytes payload(Bytes file, int offset) {
        int size = new ByteReader(file.slice(offset + CHECKED_FROM, offset + 12)).u32();
        return file.slice(offset + HEADER_BYTES, offset + HEADER_BYTES + size);
    }

    private static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
