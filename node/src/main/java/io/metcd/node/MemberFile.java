package io.metcd.node;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.JournalDamage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The file {@code member} of a data directory: who its member is.
 *
 * <pre>
 * "metcd-m\0", format u16, CRC-32C u32 of what follows, then:
 * cluster utf8, name utf8, cluster id u64, member id u64, epoch u64, count varint, each founder: name utf8, id u64
 * </pre>
 */
public final class MemberFile implements IdentityStore {
    static final String NAME = "member";
    /** Its presence says that the peer is to come as a new member, however often it has to be started until then. */
    private static final String GIVEN_UP = NAME + ".given-up";

    private static final String PART = NAME + ".part";
    private static final int FORMAT = 1;
    private static final int BYTES_MAX = 64 * 1024;
    private static final int FOUNDERS_MAX = 1024;
    private static final Bytes MAGIC = Bytes.utf8("metcd-m\0");

    private final Disk disk;

    public MemberFile(Disk disk) {
        this.disk = disk;
    }

    @Override
    public Optional<MemberIdentity> load() throws IOException {
        if (!disk.list().contains(NAME)) {
            return Optional.empty();
        }
        try (Disk.File file = disk.open(NAME)) {
            return Optional.of(decode(file.read(0, (int) Math.min(file.size(), BYTES_MAX))));
        } catch (ByteReader.Malformed | IllegalArgumentException malformed) {
            throw new IOException(
                    "the file '" + NAME + "' of the data directory cannot be read (" + malformed.getMessage() + "): "
                            + JournalDamage.FROM_PEERS,
                    malformed);
        }
    }

    @Override
    public void save(MemberIdentity identity) throws IOException {
        try (Disk.File file = disk.open(PART)) {
            file.truncate(0);
            file.write(0, encode(identity));
            file.sync();
        }
        disk.rename(PART, NAME);
        disk.syncDirectory();
        if (isGivenUp()) {
            disk.delete(GIVEN_UP);
            disk.syncDirectory();
        }
    }

    @Override
    public void giveUp() throws IOException {
        try (Disk.File file = disk.open(GIVEN_UP)) {
            file.sync();
        }
        disk.syncDirectory();
    }

    /** Whether what the directory holds is of a member that was given up, and nobody has come in its place yet. */
    public boolean isGivenUp() throws IOException {
        return disk.list().contains(GIVEN_UP);
    }

    /** Forgets who it was. */
    public void forget() throws IOException {
        if (disk.list().contains(NAME)) {
            disk.delete(NAME);
            disk.syncDirectory();
        }
    }

    private static Bytes encode(MemberIdentity identity) {
        ByteWriter body = new ByteWriter();
        write(identity, body);
        Bytes checked = body.toBytes();
        return new ByteWriter()
                .raw(MAGIC)
                .u16(FORMAT)
                .u32(crc(checked))
                .raw(checked)
                .toBytes();
    }

    private static MemberIdentity decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        if (!reader.raw(MAGIC.size()).equals(MAGIC)) {
            throw new ByteReader.Malformed("it is not metcd's");
        }
        int format = reader.u16();
        if (format != FORMAT) {
            throw new ByteReader.Malformed("it has format " + format + ", this version knows " + FORMAT);
        }
        int crc = reader.u32();
        Bytes body = reader.rest();
        if (crc != crc(body)) {
            throw new ByteReader.Malformed("its checksum is wrong");
        }
        ByteReader fields = new ByteReader(body);
        MemberIdentity identity = read(fields);
        fields.end();
        return identity;
    }

    static void write(MemberIdentity identity, ByteWriter to) {
        to.utf8(identity.cluster())
                .utf8(identity.name())
                .u64(identity.clusterId())
                .u64(identity.memberId())
                .u64(identity.epoch())
                .varint(identity.founders().size());
        identity.founders().forEach(founder -> to.utf8(founder.name()).u64(founder.memberId()));
    }

    /** Throws {@link ByteReader.Malformed} if no identity begins here. */
    static MemberIdentity read(ByteReader fields) {
        String cluster = fields.utf8();
        String name = fields.utf8();
        long clusterId = fields.u64();
        long memberId = fields.u64();
        long epoch = fields.u64();
        List<MemberIdentity.Founder> founders = new ArrayList<>();
        for (int left = fields.count(FOUNDERS_MAX); left > 0; left--) {
            founders.add(new MemberIdentity.Founder(fields.utf8(), fields.u64()));
        }
        if (clusterId == 0 || memberId == 0) {
            throw new ByteReader.Malformed("an identity without ids");
        }
        return new MemberIdentity(cluster, name, clusterId, memberId, epoch, founders);
    }

    private static int crc(Bytes bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
        return (int) crc.getValue();
    }
}
