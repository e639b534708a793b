package io.metcd.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One process at a time: a lock on a file of the directory, which holds the number of the process that has it. */
final class DirectoryLock implements AutoCloseable {
    static final String NAME = "lock";
    private static final int NUMBER_BYTES_MAX = 32;

    /**
     * What this process has. The machine knows one lock for a process and a file, and drops it when the process closes the
     * file anywhere: a file of a directory that is held here must not even be looked into.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** The directory's real path. */
    static DirectoryLock take(Path directory) throws IOException {
        if (!HELD.add(directory)) {
            throw inUse(directory, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return takeFromOthers(directory);
        } catch (IOException | RuntimeException e) {
            HELD.remove(directory);
            throw e;
        }
    }

    private static DirectoryLock takeFromOthers(Path directory) throws IOException {
        FileChannel channel = Permissions.open(
                directory.resolve(NAME),
                Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
        try {
            if (lock(channel) == null) {
                throw inUse(directory, holder(channel));
            }
            byte[] number = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
            // In this order, so that it needs no room on a full disk.
            channel.write(ByteBuffer.wrap(number), 0);
            channel.truncate(number.length);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        return new DirectoryLock(directory, channel);
    }

    /** Who has it, without taking it. */
    static Optional<String> holder(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        if (HELD.contains(directory.toRealPath())) {
            return Optional.of(Long.toString(ProcessHandle.current().pid()));
        }
        try (FileChannel channel = Permissions.open(file, Set.of(StandardOpenOption.READ))) {
            boolean free = channel.tryLock(0, Long.MAX_VALUE, true) != null;
            return free ? Optional.empty() : Optional.of(holder(channel));
        }
    }

    private static IOException inUse(Path directory, String by) {
        return new IOException("the directory " + directory + " is in use by process " + by
                + ": stop that process, or give this member a directory of its own");
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer number = ByteBuffer.allocate(NUMBER_BYTES_MAX);
        channel.read(number, 0);
        String text = new String(number.array(), 0, number.position(), StandardCharsets.UTF_8);
        return text.isEmpty() ? "(unknown)" : text;
    }

    /** The file stays: to delete it would let two processes lock two files of one name. */
    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(directory);
    }
}
