package io.metcd.journal;

import static java.util.Objects.requireNonNull;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.zip.CRC32C;

/**
 * Whose directory it is: the content of its file {@code meta}.
 *
 * <pre>
 * "metcd\0" and format u16, CRC-32C u32 of what follows, then:
 * directory bytes, cluster utf8, cluster id u64, member id u64, incarnation varint, log begun u8
 * </pre>
 *
 * @param directory 16 random bytes that every file of this directory repeats, so that another's is noticed
 * @param clusterId 0 until it is known
 * @param memberId 0 until it is known
 * @param incarnation how often the peer has begun a life
 * @param logBegun whether there must be a log
 */
public record DirectoryMeta(
        Bytes directory, String cluster, long clusterId, long memberId, long incarnation, boolean logBegun) {
    static final int FORMAT = 1;

    private static final Bytes MAGIC = Bytes.utf8("metcd\0");

    public DirectoryMeta {
        requireNonNull(directory);
        requireNonNull(cluster);
    }

    DirectoryMeta withIds(long cluster, long member) {
        return new DirectoryMeta(directory, this.cluster, cluster, member, incarnation, logBegun);
    }

    DirectoryMeta withIncarnation(long next) {
        return new DirectoryMeta(directory, cluster, clusterId, memberId, next, logBegun);
    }

    DirectoryMeta withLogBegun() {
        return new DirectoryMeta(directory, cluster, clusterId, memberId, incarnation, true);
    }

    /** Of the same peer, and of no member: with a mark of its own, so that no file of before is taken for one of now. */
    DirectoryMeta renewed(Bytes newDirectory) {
        return new DirectoryMeta(newDirectory, cluster, 0, 0, incarnation, false);
    }

    Bytes encode() {
        Bytes body = new ByteWriter()
                .bytes(directory)
                .utf8(cluster)
                .u64(clusterId)
                .u64(memberId)
                .varint(incarnation)
                .bool(logBegun)
                .toBytes();
        return new ByteWriter().raw(MAGIC).u16(FORMAT).u32(crc(body)).raw(body).toBytes();
    }

    /** Throws {@link ByteReader.Malformed} for what is not such a file, or of a format that is not known here. */
    static DirectoryMeta decode(Bytes file) {
        ByteReader reader = new ByteReader(file);
        if (!reader.raw(Math.min(MAGIC.size(), file.size())).equals(MAGIC)) {
            throw new ByteReader.Malformed("it is not metcd's");
        }
        int format = reader.u16();
        if (format != FORMAT) {
            throw new ByteReader.Malformed(
                    "it has format " + format + ", this version knows " + FORMAT + ": start the version that wrote it");
        }
        int crc = reader.u32();
        Bytes body = reader.rest();
        if (crc != crc(body)) {
            throw new ByteReader.Malformed("its checksum is wrong");
        }
        ByteReader fields = new ByteReader(body);
        DirectoryMeta meta = new DirectoryMeta(
                fields.bytes().compact(), fields.utf8(), fields.u64(), fields.u64(), fields.varint(), fields.bool());
        fields.end();
        return meta;
    }

    private static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
