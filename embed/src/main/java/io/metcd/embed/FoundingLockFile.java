package io.metcd.embed;

import io.metcd.base.RandomSource;
import io.metcd.node.FoundingLock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A founding lock that is a file in a directory which all peers share. It comes into being whole, by a hard link that
 * only one can make, and says in text whose it is:
 *
 * <pre>
 * metcd founding lock
 * cluster orders
 * id 9f1c2d3e4a5b6c7d
 * </pre>
 */
public final class FoundingLockFile implements FoundingLock {
    private static final String FIRST_LINE = "metcd founding lock";
    private static final String CLUSTER = "cluster ";
    private static final String ID = "id ";
    private static final long BYTES_MAX = 64 * 1024;

    private final Path path;
    private final String cluster;

    /** The file need not exist, its directory must. */
    public FoundingLockFile(Path path, String cluster) {
        this.path = path.toAbsolutePath();
        this.cluster = cluster;
        Path directory = this.path.getParent();
        if (directory == null || !Files.isDirectory(directory) || Files.isDirectory(this.path)) {
            throw new IllegalArgumentException("the founding lock " + this.path
                    + " must be a file in a directory that exists and that all founders share");
        }
    }

    @Override
    public Optional<Long> holder() throws IOException {
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw new IOException("it is no founding lock: name another file");
            }
            return Optional.of(id(Files.readAllLines(path, StandardCharsets.UTF_8)));
        } catch (NoSuchFileException nobody) {
            return Optional.empty();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    @Override
    public long take(long clusterId) throws IOException {
        Path draft = path.resolveSibling(path.getFileName() + "."
                + HexFormat.of().formatHex(RandomSource.secret(8).toArray()));
        try {
            write(draft, String.join("\n", FIRST_LINE, CLUSTER + cluster, ID + Long.toHexString(clusterId), ""));
            Files.createLink(path, draft);
        } catch (FileAlreadyExistsException taken) {
            // Whoever was first has it, and is told below.
        } catch (FileSystemException refused) {
            throw new IOException(
                    "it cannot be taken (" + refused.getMessage()
                            + "): its directory must be there, be writable, and be on a file system with hard links",
                    refused);
        } finally {
            Files.deleteIfExists(draft);
        }
        return holder().orElseThrow(() -> new IOException("it was removed while it was being taken"));
    }

    private long id(List<String> lines) throws IOException {
        boolean whole = lines.size() >= 3
                && lines.get(0).equals(FIRST_LINE)
                && lines.get(1).startsWith(CLUSTER)
                && lines.get(2).startsWith(ID);
        if (!whole) {
            throw new IOException("it is no founding lock: name another file, or remove it if it is damaged and no"
                    + " cluster of this name lives");
        }
        String owner = lines.get(1).substring(CLUSTER.length());
        if (!owner.equals(cluster)) {
            throw new IOException("it is the lock of the cluster '" + owner + "', not of '" + cluster
                    + "': name a file of this cluster's own");
        }
        try {
            return Long.parseUnsignedLong(lines.get(2).substring(ID.length()), 16);
        } catch (NumberFormatException e) {
            throw new IOException("its cluster id cannot be read: '" + lines.get(2) + "'", e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
