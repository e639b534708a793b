package io.metcd.cli.disk;

import io.metcd.base.Bytes;
import io.metcd.cli.Mistake;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Limits;
import io.metcd.journal.Workers;
import io.metcd.journal.file.FileDisk;
import io.metcd.node.Archive;
import io.metcd.node.ArchiveReader;
import io.metcd.node.MemberIdentity;
import io.metcd.node.Restoration;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Files of {@code snapshot save}: checked, and made members of. */
final class SnapshotFile {
    /** What a cluster of etcd is called that nobody has given a name; its files do not say it. */
    private static final String ETCD_CLUSTER = "etcd-cluster";

    private SnapshotFile() {}

    /** What a file holds; all of it was read and is right. */
    record Checked(Archive archive, long bytes, Bytes hash) {}

    /** Whether a file begins as those of metcd do. */
    static boolean isOne(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return Archive.begins(Bytes.wrap(in.readNBytes(Archive.MAGIC_BYTES)));
        }
    }

    static Checked check(Path file) {
        try {
            if (EtcdSnapshot.isOne(file)) {
                throw new Mistake("the file " + file + " is a snapshot of etcd, not of metcd: './metcd snapshot import'"
                        + " takes it, and 'etcdutl snapshot status' shows it");
            }
        } catch (IOException e) {
            throw mistake(file, e);
        }
        try (InputStream in = open(file)) {
            ArchiveReader reader = new ArchiveReader(in);
            Bytes hash = reader.verify();
            return new Checked(reader.archive(), reader.position(), hash);
        } catch (IOException e) {
            throw mistake(file, e);
        }
    }

    /**
     * A member to make.
     *
     * @param cluster empty for the name of the old one
     * @param members all of them, each as NAME or NAME=URL; empty for this one alone
     * @param word shared by the members of this restoration only; may be empty for a member alone
     */
    record Wanted(String name, String cluster, List<String> members, String word) {
        private Restoration.Plan plan(String old) {
            List<String> slots = members.isEmpty()
                    ? List.of(name)
                    : members.stream().map(SnapshotFile::slot).distinct().toList();
            if (!slots.contains(name)) {
                throw Mistake.usage("--name '" + name + "' is not in --initial-cluster (" + String.join(", ", slots)
                        + "): give it one of them");
            }
            return new Restoration.Plan(cluster.isEmpty() ? old : cluster, name, slots, word(slots));
        }

        private String word(List<String> slots) {
            if (!word.isEmpty()) {
                return word;
            }
            String fresh = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
            if (slots.size() > 1) {
                throw Mistake.usage("--restoration is missing: all members of this restoration share a word, and those"
                        + " of no other do; add it to each of them, for instance --restoration " + fresh);
            }
            return fresh;
        }
    }

    /** The whole file is checked before the directory is touched. */
    static MemberIdentity restore(Path file, Path directory, Wanted wanted) {
        Checked checked = check(file);
        Restoration.Plan plan = wanted.plan(checked.archive().cluster());
        requireEmpty(directory);
        try (InputStream in = open(file);
                FileDisk disk = FileDisk.open(directory)) {
            return Restoration.run(new ArchiveReader(in), checked.hash(), plan, destination(disk));
        } catch (Archive.Damage damage) {
            throw mistake(file, damage);
        } catch (IOException e) {
            throw notMade(directory, e);
        }
    }

    /** As {@link #restore}, with what etcd held. */
    static MemberIdentity restore(EtcdSnapshot.Checked checked, Path directory, Wanted wanted) {
        Restoration.Plan plan = wanted.plan(ETCD_CLUSTER);
        requireEmpty(directory);
        try (FileDisk disk = FileDisk.open(directory)) {
            Restoration.Origin origin = new Restoration.Origin(0, checked.hash());
            return Restoration.run(checked.root(), origin, plan, destination(disk));
        } catch (IOException e) {
            throw notMade(directory, e);
        }
    }

    private static Restoration.Destination destination(FileDisk disk) throws IOException {
        return new Restoration.Destination(
                disk, DiskJournal.Setup.of(Limits.forDisk(disk.roomBytes(), 0), Workers.INLINE));
    }

    private static Mistake notMade(Path directory, IOException cause) {
        return new Mistake(directory + " was not made: " + cause.getMessage() + "; empty it before the next attempt");
    }

    private static void requireEmpty(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> content = Files.list(directory)) {
            if (content.findAny().isPresent()) {
                throw new Mistake("--data-dir " + directory
                        + " is not empty: name another directory; what a member has is never overwritten");
            }
        } catch (IOException e) {
            throw new Mistake("--data-dir " + directory + " cannot be read (" + e + "): name another directory");
        }
    }

    private static String slot(String member) {
        int equals = member.indexOf('=');
        return equals < 0 ? member : member.substring(0, equals);
    }

    private static InputStream open(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), 1 << 20);
    }

    private static Mistake mistake(Path file, IOException cause) {
        String why = cause instanceof NoSuchFileException ? "there is none" : String.valueOf(cause.getMessage());
        return new Mistake("the file " + file + ": " + why);
    }
}
