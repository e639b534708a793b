package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import java.io.IOException;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file {@code founding} of a data directory: what its member has promised, before anybody hears of it.
 *
 * <pre>
 * "metcd-f\0", format u16, CRC-32C u32 of what follows, then: life u64, round varint, started bool, set bytes (may be none)
 * </pre>
 */
public final class PromiseFile implements PromiseStore {
    static final String NAME = "founding";
    private static final String PART = NAME + ".part";
    private static final int FORMAT = 1;
    private static final int BYTES_MAX = 64 * 1024;
    private static final Bytes MAGIC = Bytes.utf8("metcd-f\0");

    private final Disk disk;
    private final long firstLife;

    /** A member that promises for the first time takes the given number, milliseconds since 1970, for its life. */
    public PromiseFile(Disk disk, long firstLife) {
        this.disk = disk;
        this.firstLife = firstLife;
    }

    @Override
    public Optional<Kept> load() throws IOException {
        if (!disk.list().contains(NAME)) {
            Kept first = new Kept(firstLife, 0, Optional.empty(), false);
            save(first);
            return Optional.of(first);
        }
        try (Disk.File file = disk.open(NAME)) {
            return Optional.of(decode(file.read(0, (int) Math.min(file.size(), BYTES_MAX))));
        } catch (ByteReader.Malformed malformed) {
            throw new IOException(
                    "the file '" + NAME + "' of the data directory is damaged (" + malformed.getMessage()
                            + "): do not put an older copy in its place: start with an empty directory, as another member",
                    malformed);
        }
    }

    @Override
    public void save(Kept kept) throws IOException {
        try (Disk.File file = disk.open(PART)) {
            file.truncate(0);
            file.write(0, encode(kept));
            file.sync();
        }
        disk.rename(PART, NAME);
        disk.syncDirectory();
    }

    private static Bytes encode(Kept kept) {
        Bytes body = new ByteWriter()
                .u64(kept.life())
                .varint(kept.round())
                .bool(kept.started())
                .bytes(kept.set().map(FoundingSet::encode).orElse(Bytes.EMPTY))
                .toBytes();
        return new ByteWriter().raw(MAGIC).u16(FORMAT).u32(crc(body)).raw(body).toBytes();
    }

    private static Kept decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        if (!reader.raw(MAGIC.size()).equals(MAGIC) || reader.u16() != FORMAT) {
            throw new ByteReader.Malformed("it is not of this version of metcd");
        }
        int crc = reader.u32();
        Bytes body = reader.rest();
        if (crc != crc(body)) {
            throw new ByteReader.Malformed("its checksum is wrong");
        }
        ByteReader fields = new ByteReader(body);
        long life = fields.u64();
        long round = fields.varint();
        boolean started = fields.bool();
        Bytes set = fields.bytes();
        fields.end();
        return new Kept(
                life,
                round,
                set.isEmpty() ? Optional.empty() : Optional.of(FoundingSet.decode(set, Limits.DEFAULT.foundersMax())),
                started);
    }

    private static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
