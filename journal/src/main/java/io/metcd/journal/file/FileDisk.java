package io.metcd.journal.file;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of the machine, held by this process alone until it is closed. Directories are made 0700 and files 0600;
 * see {@link Permissions} for what exists already.
 *
 * <p>A thread that is interrupted while it reads or writes closes the file under it: the owner of these threads never
 * interrupts them.
 */
public final class FileDisk implements Disk, AutoCloseable {
    /** Of one write call: the JDK copies each into a buffer of its own, outside of the heap. */
    private static final int WRITE_BYTES_MAX = 1 << 20;

    private static final Clock CLOCK = Clock.system();

    /** What etcd's data directories have in them. */
    private static final String ETCD = "member";

    private static final Set<OpenOption> OWNER =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    private static final Set<OpenOption> READER = Set.of(StandardOpenOption.READ);

    /** What the names of snapshots begin with; every other file of a journal is the log's. */
    private static final String SNAPSHOT = "snapshot-";

    private final Path directory;
    private final DiskTimes logTimes = new DiskTimes();
    private final DiskTimes snapshotTimes = new DiskTimes();

    /** Empty for a reader. */
    private final Optional<DirectoryLock> lock;

    private FileDisk(Path directory, Optional<DirectoryLock> lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes a directory, and makes it if there is none.
     *
     * @throws IOException whose text names the directory and the cure: another process has it, it cannot be written
     */
    public static FileDisk open(Path directory) throws IOException {
        Path real = Permissions.directory(directory.toAbsolutePath().normalize());
        if (Files.isDirectory(real.resolve(ETCD))) {
            throw new IOException(real + " is a data directory of etcd, which metcd cannot read: name another one");
        }
        FileDisk disk = new FileDisk(real, Optional.of(DirectoryLock.take(real)));
        try {
            Permissions.files(real);
            disk.syncDirectory();
        } catch (IOException | RuntimeException e) {
            disk.close();
            throw e;
        }
        return disk;
    }

    /** To look at a directory, also one that is in use: nothing can be changed. */
    public static Disk readOnly(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new IOException(directory + " is not a directory: name one of a member");
        }
        return new FileDisk(directory.toRealPath(), Optional.empty());
    }

    /** The number of the process that has a directory, for tools; empty if none has. Nothing is written. */
    public static Optional<String> holder(Path directory) throws IOException {
        return DirectoryLock.holder(directory);
    }

    public Path directory() {
        return directory;
    }

    /** Of the log, and of the few small files beside it. */
    public DiskTimes logTimes() {
        return logTimes;
    }

    public DiskTimes snapshotTimes() {
        return snapshotTimes;
    }

    /** How much its files may have in all: what is free for this process, and what they have already. */
    public long roomBytes() throws IOException {
        long bytes = Files.getFileStore(directory).getUsableSpace();
        for (String name : list()) {
            bytes += Files.size(path(name));
        }
        return bytes;
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS) && !name.equals(DirectoryLock.NAME)) {
                    names.add(name);
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public File open(String name) throws IOException {
        FileChannel channel = Permissions.open(path(name), lock.isPresent() ? OWNER : READER);
        return new OpenFile(channel, lock.isPresent(), name.startsWith(SNAPSHOT) ? snapshotTimes : logTimes);
    }

    @Override
    public void delete(String name) throws IOException {
        requireOwner();
        Files.delete(path(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        requireOwner();
        if (!Files.exists(path(from))) {
            throw new NoSuchFileException(from);
        }
        try {
            Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw named(e);
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Lets other processes have the directory. Nothing may be open any more. */
    @Override
    public void close() throws IOException {
        if (lock.isPresent()) {
            lock.get().close();
        }
    }

    private void requireOwner() throws IOException {
        if (lock.isEmpty()) {
            throw new IOException("the directory " + directory + " was opened to be looked at, not to be changed");
        }
    }

    private Path path(String name) {
        if (name.isEmpty() || name.indexOf('/') >= 0 || name.startsWith(".")) {
            throw new IllegalArgumentException("not a file of this directory: " + name);
        }
        return directory.resolve(name);
    }

    /** What the machine calls a full disk. */
    static IOException named(IOException cause) {
        String text = String.valueOf(cause.getMessage());
        boolean full = text.contains("No space left") || text.contains("quota exceeded");
        if (!full) {
            return cause;
        }
        NoSpace named = new NoSpace(text);
        named.initCause(cause);
        return named;
    }

    private static final class OpenFile implements File {
        private final FileChannel channel;
        private final boolean writable;
        private final DiskTimes times;

        OpenFile(FileChannel channel, boolean writable, DiskTimes times) {
            this.channel = channel;
            this.writable = writable;
            this.times = times;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public Bytes read(long position, int size) throws IOException {
            int available = (int) Math.max(0, Math.min(size, channel.size() - position));
            ByteBuffer buffer = ByteBuffer.allocate(available);
            while (buffer.hasRemaining()) {
                int window = Math.min(buffer.remaining(), WRITE_BYTES_MAX);
                ByteBuffer part = buffer.slice(buffer.position(), window);
                int read = channel.read(part, position + buffer.position());
                if (read < 0) {
                    break;
                }
                buffer.position(buffer.position() + read);
            }
            return Bytes.wrap(buffer.array(), 0, buffer.position());
        }

        @Override
        public void write(long position, Bytes bytes) throws IOException {
            if (!writable) {
                throw new IOException("the file was opened to be looked at, not to be changed");
            }
            ByteBuffer all = ByteBuffer.wrap(bytes.sharedArray(), bytes.sharedOffset(), bytes.size());
            int end = all.limit();
            long at = position;
            try {
                while (all.position() < end) {
                    all.limit(Math.min(end, all.position() + WRITE_BYTES_MAX));
                    while (all.hasRemaining()) {
                        at += channel.write(all, at);
                    }
                }
                times.wrote(bytes.size());
            } catch (IOException e) {
                throw named(e);
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            long began = CLOCK.nanos();
            channel.force(false);
            times.synced(CLOCK.nanos() - began);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
