package io.metcd.journal.segment;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One record, at an offset that is a multiple of 8.
 *
 * <pre>
 * magic u32, checksum u32, checksum of the record before u32, of the payload u32, size u32, zero u32, number u64,
 * payload, zeros up to a multiple of 8
 * </pre>
 *
 * The checksum is the CRC-32C of the file's salt and of what follows it in the head: so the head is known to be right
 * before its size is believed, and each record vouches for all before it.
 */
public final class RecordCodec {
    /** What a record takes beside its payload. */
    public static final int HEADER_BYTES = 32;

    /** Far above any batch: what memory holds of a log is less. */
    public static final int PAYLOAD_BYTES_MAX = 1 << 30;

    static final int ALIGNMENT = 8;
    static final int MAGIC = 0x6d74_6a32;
    private static final int CHECKED_FROM = 8;

    private RecordCodec() {}

    /** A record in its bytes, and the place behind it. */
    public record Encoded(Bytes bytes, Chain next) {}

    /** What a head says; it is right. */
    record Head(Chain chain, int checksum, int payloadChecksum, int size) {
        long end(long offset) {
            return offset + RecordCodec.size(size);
        }
    }

    /** What a payload of this size takes in a file. */
    public static long size(long payload) {
        return (HEADER_BYTES + payload + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    /** A record for this place. */
    public static Encoded encode(Chain place, Bytes payload) {
        Invariants.check(payload.size() <= PAYLOAD_BYTES_MAX, "a record of %s bytes", payload.size());
        Bytes checked = new ByteWriter(HEADER_BYTES)
                .u32(place.previous())
                .u32(crc(payload))
                .u32(payload.size())
                .u32(0)
                .u64(place.number())
                .toBytes();
        int checksum = checksum(place.salt(), checked);
        int padded = (int) size(payload.size());
        byte[] record = new byte[padded];
        new ByteWriter(CHECKED_FROM).u32(MAGIC).u32(checksum).toBytes().copyTo(record, 0);
        checked.copyTo(record, CHECKED_FROM);
        payload.copyTo(record, HEADER_BYTES);
        return new Encoded(Bytes.wrap(record), place.behind(checksum));
    }

    /** The head at the offset, if one of this salt stands there whose record fits into the file. */
    static Optional<Head> head(Bytes file, int offset, long salt) {
        return anyHead(file, offset, salt).filter(head -> head.end(offset) <= file.size());
    }

    /** The size of the payload of the record that must stand here, if its head is right. */
    static Optional<Integer> size(Bytes file, int offset, Chain chain) {
        return anyHead(file, offset, chain.salt())
                .filter(head -> head.chain().equals(chain))
                .map(Head::size);
    }

    private static Optional<Head> anyHead(Bytes file, int offset, long salt) {
        if (file.size() - offset < HEADER_BYTES || !isMagic(file, offset)) {
            return Optional.empty();
        }
        ByteReader reader = new ByteReader(file.slice(offset + 4, offset + HEADER_BYTES));
        int checksum = reader.u32();
        if (checksum != checksum(salt, file.slice(offset + CHECKED_FROM, offset + HEADER_BYTES))) {
            return Optional.empty();
        }
        int previous = reader.u32();
        int payloadChecksum = reader.u32();
        int size = reader.u32();
        reader.u32();
        Head head = new Head(new Chain(salt, reader.u64(), previous), checksum, payloadChecksum, size);
        return size >= 0 && size <= PAYLOAD_BYTES_MAX ? Optional.of(head) : Optional.empty();
    }

    /** The payload behind a head, if it is what the head says. */
    static Optional<Bytes> payload(Bytes file, int offset, Head head) {
        Bytes payload = file.slice(offset + HEADER_BYTES, offset + HEADER_BYTES + head.size());
        return crc(payload) == head.payloadChecksum() ? Optional.of(payload) : Optional.empty();
    }

    static boolean isMagic(Bytes file, int offset) {
        return file.at(offset) == (byte) (MAGIC >>> 24)
                && file.at(offset + 1) == (byte) (MAGIC >>> 16)
                && file.at(offset + 2) == (byte) (MAGIC >>> 8)
                && file.at(offset + 3) == (byte) MAGIC;
    }

    static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }

    private static int checksum(long salt, Bytes checked) {
        return crc(new ByteWriter(HEADER_BYTES).u64(salt).raw(checked).toBytes());
    }
}
