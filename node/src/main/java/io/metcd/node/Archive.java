package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32C;

/**
 * A state of a cluster as a file: what it says of itself. Then come the chunks of the store's snapshot, each with a
 * checksum of its own, and the SHA-256 of everything before it.
 *
 * <pre>
 * "metcd-s\\0", format u16, CRC-32C u32 of the body, size u32, body:
 *     cluster utf8, cluster id u64, epoch u64, revision varint, index varint, term varint
 * each chunk: size u32, chunk
 * 0 u32, SHA-256
 * </pre>
 *
 * @param cluster the name of the cluster
 * @param epoch of the cluster; one that is restored has a larger one
 * @param revision of the store
 * @param index of the last entry that is in the state
 * @param term of that entry
 */
public record Archive(String cluster, long clusterId, long epoch, long revision, long index, long term) {
    static final int PREFIX_BYTES = 18;
    static final int HEAD_BYTES_MAX = 64 * 1024;
    static final int HASH_BYTES = 32;
    private static final int FORMAT = 1;
    private static final Bytes MAGIC = Bytes.utf8("metcd-s\0");

    /** How much of a file {@link #begins} must see. */
    public static final int MAGIC_BYTES = 8;

    /** Whether these are the first bytes of an archive. */
    public static boolean begins(Bytes bytes) {
        return bytes.startsWith(MAGIC);
    }

    /** It is not what a member has sent. */
    public static final class Damage extends IOException {
        private static final long serialVersionUID = 1L;

        Damage(String what) {
            super(what);
        }
    }

    /** What stands before the body. */
    record Prefix(int crc, int size) {}

    Bytes encode() {
        Bytes body = new ByteWriter()
                .utf8(cluster)
                .u64(clusterId)
                .u64(epoch)
                .varint(revision)
                .varint(index)
                .varint(term)
                .toBytes();
        return new ByteWriter()
                .raw(MAGIC)
                .u16(FORMAT)
                .u32(crc(body))
                .u32(body.size())
                .raw(body)
                .toBytes();
    }

    static Prefix decodePrefix(Bytes bytes) throws Damage {
        ByteReader reader = new ByteReader(bytes);
        if (bytes.size() < PREFIX_BYTES || !reader.raw(MAGIC.size()).equals(MAGIC)) {
            throw new Damage("it is no snapshot of metcd: name a file of './metcd snapshot save'");
        }
        int format = reader.u16();
        if (format != FORMAT) {
            throw new Damage(
                    "it has format " + format + ", this version knows " + FORMAT + ": use the version that wrote it");
        }
        Prefix prefix = new Prefix(reader.u32(), reader.u32());
        if (prefix.size() < 0 || prefix.size() > HEAD_BYTES_MAX) {
            throw new Damage("its head is damaged: take another one");
        }
        return prefix;
    }

    static Archive decodeBody(Prefix prefix, Bytes body) throws Damage {
        if (body.size() != prefix.size() || crc(body) != prefix.crc()) {
            throw new Damage("its head is damaged: take another one");
        }
        ByteReader fields = new ByteReader(body);
        Archive archive = new Archive(
                fields.utf8(), fields.u64(), fields.u64(), fields.varint(), fields.varint(), fields.varint());
        fields.end();
        return archive;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
