package io.metcd.journal.segment;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;

/**
 * How each file of a journal begins, before its records.
 *
 * <pre>
 * "mtcd", kind u8, format u8, zero u16, CRC-32C u32 of what follows, size u32, body, zeros up to a multiple of 512
 * </pre>
 */
public final class FileHead {
    /** What is read to know a head. */
    public static final int BYTES_MAX = 64 * 1024;

    private static final Bytes MAGIC = Bytes.utf8("mtcd");
    private static final int FORMAT = 1;
    private static final int PREFIX_BYTES = 16;
    private static final int CHECKED_FROM = 12;
    private static final int SECTOR = 512;

    private FileHead() {}

    /** What a file is; the codes are part of the format. */
    public enum Kind {
        LOG(1),
        SNAPSHOT(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }
    }

    /** A body, and where the records begin. */
    public record Read(Bytes body, int end) {}

    /** A head with its padding. */
    public static Bytes encode(Kind kind, Bytes body) {
        Bytes checked =
                new ByteWriter(body.size() + 4).u32(body.size()).raw(body).toBytes();
        Bytes head = new ByteWriter(body.size() + PREFIX_BYTES)
                .raw(MAGIC)
                .u8(kind.code)
                .u8(FORMAT)
                .u16(0)
                .u32(RecordCodec.crc(checked))
                .raw(checked)
                .toBytes();
        byte[] padded = new byte[padded(head.size())];
        head.copyTo(padded, 0);
        return Bytes.wrap(padded);
    }

    /** Throws {@link ByteReader.Malformed} with what is wrong. */
    public static Read decode(Kind kind, Bytes file) {
        ByteReader reader = new ByteReader(file);
        if (file.size() < PREFIX_BYTES || !reader.raw(MAGIC.size()).equals(MAGIC) || reader.u8() != kind.code) {
            throw new ByteReader.Malformed("it does not begin as such a file does");
        }
        int format = reader.u8();
        if (format != FORMAT) {
            throw new ByteReader.Malformed(
                    "it has format " + format + ", this version knows " + FORMAT + ": start the version that wrote it");
        }
        reader.u16();
        int crc = reader.u32();
        int size = reader.u32();
        if (size < 0 || size > Math.min(BYTES_MAX, file.size()) - PREFIX_BYTES) {
            throw new ByteReader.Malformed("its head has a size of " + size);
        }
        if (crc != RecordCodec.crc(file.slice(CHECKED_FROM, PREFIX_BYTES + size))) {
            throw new ByteReader.Malformed("the checksum of its head is wrong");
        }
        return new Read(reader.raw(size), padded(PREFIX_BYTES + size));
    }

    private static int padded(int size) {
        return (size + SECTOR - 1) / SECTOR * SECTOR;
    }
}
