package io.metcd.journal;

import io.metcd.base.ByteReader;
import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The directory of one member: whose it is, and its journal. In this order:
 *
 * <ol>
 *   <li>{@link #open}: refuses what is another cluster's or cannot be read.
 *   <li>{@link #nextIncarnation}, before the peer sends anything.
 *   <li>{@link #bind}, as soon as the ids are known.
 *   <li>{@link #journal}.
 * </ol>
 *
 * Each change is durable when its call returns.
 */
public final class DataDirectory {
    static final String META = "meta";
    private static final String PART = META + ".part";
    private static final int META_BYTES_MAX = 64 * 1024;
    private static final int DIRECTORY_BYTES = 16;

    private final Disk disk;
    private final Supplier<Bytes> labels;
    private DirectoryMeta meta;

    private DataDirectory(Disk disk, Supplier<Bytes> labels, DirectoryMeta meta) {
        this.disk = disk;
        this.labels = labels;
        this.meta = meta;
    }

    /**
     * Opens a directory, or begins an empty one.
     *
     * @param cluster the name of the cluster that the member belongs to
     * @throws JournalDamage if what is there is another cluster's, of another format, or damaged
     */
    public static DataDirectory open(Disk disk, String cluster) throws IOException {
        return open(disk, cluster, () -> RandomSource.secret(DIRECTORY_BYTES));
    }

    /** As {@link #open(Disk, String)}, where the same must come of the same: 16 bytes for each directory. */
    public static DataDirectory open(Disk disk, String cluster, Supplier<Bytes> labels) throws IOException {
        List<String> files = disk.list();
        if (files.contains(META)) {
            return new DataDirectory(disk, labels, read(disk, cluster));
        }
        if (files.stream().anyMatch(LogNames::isOfJournal)) {
            throw new JournalDamage(
                    "the directory has a log, but its file " + META + " is missing: " + JournalDamage.FROM_PEERS);
        }
        DirectoryMeta fresh = new DirectoryMeta(labels.get(), cluster, 0, 0, 0, false);
        DataDirectory begun = new DataDirectory(disk, labels, fresh);
        begun.write(fresh);
        return begun;
    }

    /** What {@code meta} says, for tools: nothing is written. */
    public static DirectoryMeta inspect(Disk disk) throws IOException {
        if (!disk.list().contains(META)) {
            throw new JournalDamage("the directory has no file " + META + ": it is no data directory of metcd");
        }
        return decode(disk);
    }

    /**
     * Reads everything in the directory of a member that does not run, for tools: nothing is written.
     *
     * @throws JournalDamage if a member would not start with it
     */
    public static Checkup check(Disk disk) throws IOException {
        DirectoryMeta meta = inspect(disk);
        List<String> files = disk.list();
        if (files.stream().anyMatch(LogNames::isSegment)) {
            return Recovery.inspect(disk, meta);
        }
        if (meta.logBegun() || files.stream().anyMatch(LogNames::isSnapshot)) {
            throw new JournalDamage("the log of the directory is gone: " + JournalDamage.FROM_PEERS);
        }
        return new Checkup(meta, 0, List.of(), Recovered.NOTHING, 0);
    }

    public DirectoryMeta meta() {
        return meta;
    }

    /**
     * Begins another life of the peer: its number is greater than that of any life before. On a full disk a part of the
     * log's reserve makes room for it.
     */
    public long nextIncarnation() throws IOException {
        DirectoryMeta next = meta.withIncarnation(meta.incarnation() + 1);
        try {
            write(next);
        } catch (Disk.NoSpace full) {
            deleteSpare(full);
            write(next);
        }
        return meta.incarnation();
    }

    private void deleteSpare(Disk.NoSpace full) throws IOException {
        Optional<String> spare = disk.list().stream()
                .filter(name -> LogNames.spareNumber(name).isPresent())
                .findFirst();
        disk.delete(spare.orElseThrow(() -> full));
        disk.syncDirectory();
    }

    /**
     * Says who the member is: the first time for good.
     *
     * @throws JournalDamage if the directory is that of another cluster or member
     */
    public void bind(long clusterId, long memberId) throws IOException {
        boolean unbound = meta.clusterId() == 0 && meta.memberId() == 0;
        boolean same = meta.clusterId() == clusterId && meta.memberId() == memberId;
        if (!unbound && !same) {
            throw new JournalDamage(String.format(
                    "the directory is that of member %x of cluster %x, not of member %x of cluster %x:"
                            + " name that member's own directory, or an empty one",
                    meta.memberId(), meta.clusterId(), memberId, clusterId));
        }
        if (unbound) {
            write(meta.withIds(clusterId, memberId));
        }
    }

    /** Says that the member goes on as another one, in another cluster: an operator's act. */
    public void rebind(long clusterId, long memberId) throws IOException {
        write(meta.withIds(clusterId, memberId));
    }

    /**
     * Deletes log and snapshots, and forgets whose they were: the member was given up, and its peer comes as another
     * one. May be repeated when it was cut short.
     */
    public void renew() throws IOException {
        for (String file : disk.list()) {
            if (LogNames.isOfJournal(file)) {
                disk.delete(file);
            }
        }
        disk.syncDirectory();
        write(meta.renewed(labels.get()));
    }

    /**
     * Opens the journal, or begins it.
     *
     * @throws JournalDamage if what is there cannot be trusted
     */
    public DiskJournal journal(DiskJournal.Setup setup) throws IOException {
        if (meta.logBegun() && disk.list().stream().noneMatch(LogNames::isSegment)) {
            throw new JournalDamage("the log of the directory is gone: " + JournalDamage.FROM_PEERS);
        }
        DiskJournal journal = DiskJournal.open(disk, meta.directory(), setup);
        if (!meta.logBegun()) {
            write(meta.withLogBegun());
        }
        return journal;
    }

    private static DirectoryMeta read(Disk disk, String cluster) throws IOException {
        DirectoryMeta meta = decode(disk);
        if (!meta.cluster().equals(cluster)) {
            throw new JournalDamage("the directory belongs to the cluster '" + meta.cluster() + "', not to '" + cluster
                    + "': name the directory that this member was made with, or an empty one");
        }
        return meta;
    }

    private static DirectoryMeta decode(Disk disk) throws IOException {
        try (Disk.File file = disk.open(META)) {
            if (file.size() > META_BYTES_MAX) {
                throw new JournalDamage("the file " + META + " has " + file.size()
                        + " bytes, which no member has written: " + JournalDamage.FROM_PEERS);
            }
            return DirectoryMeta.decode(file.read(0, (int) file.size()));
        } catch (ByteReader.Malformed malformed) {
            throw new JournalDamage("the file " + META + " cannot be read (" + malformed.getMessage()
                    + "); if it is damaged, " + JournalDamage.FROM_PEERS);
        }
    }

    private void write(DirectoryMeta next) throws IOException {
        Bytes content = next.encode();
        try (Disk.File file = disk.open(PART)) {
            file.truncate(0);
            file.write(0, content);
            file.sync();
        }
        disk.rename(PART, META);
        disk.syncDirectory();
        meta = next;
    }
}
