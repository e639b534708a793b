package io.metcd.journal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nobody but the owner reads what a member keeps. What is made here is made so. A file that exists with wider
 * permissions is narrowed, with a warning; a directory is left as its owner has made it, with a warning: others may
 * need their way through it.
 */
final class Permissions {
    private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private Permissions() {}

    /** The directory itself, made with its parents if there is none, and known to be writable. */
    static Path directory(Path path) throws IOException {
        try {
            Files.createDirectories(path, attribute(path, DIRECTORY));
        } catch (FileAlreadyExistsException e) {
            throw new IOException(path + " is not a directory: name one for the member's files", e);
        } catch (IOException e) {
            throw new IOException(
                    "the directory " + path + " cannot be made (" + e + "): make it, or name one that can be", e);
        }
        Path real = path.toRealPath();
        if (posix(real) && !DIRECTORY.containsAll(Files.getPosixFilePermissions(real))) {
            LOG.warn(
                    "directory={} permissions={} wanted=rwx------ why=others-could-read-the-member's-data",
                    real,
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
        }
        return real;
    }

    /** Narrows what is too wide. */
    static void files(Path directory) throws IOException {
        if (!posix(directory)) {
            return;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                Set<PosixFilePermission> present = Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS);
                if (!FILE.containsAll(present)) {
                    LOG.warn(
                            "file={} permissions={} now=rw------- why=others-could-read-the-member's-data",
                            entry,
                            PosixFilePermissions.toString(present));
                    Files.setPosixFilePermissions(entry, FILE);
                }
            }
        }
    }

    /** Opens a file of the directory; one that is made is the owner's alone. */
    static FileChannel open(Path path, Set<OpenOption> options) throws IOException {
        try {
            return FileChannel.open(path, options, attribute(path, FILE));
        } catch (IOException e) {
            IOException named = FileDisk.named(e);
            if (named != e) {
                throw named;
            }
            String how = options.contains(StandardOpenOption.WRITE) ? "for writing (" : "(";
            throw new IOException(
                    "the file " + path + " cannot be opened " + how + e
                            + "): let this user write to its directory, or name another one",
                    e);
        }
    }

    private static FileAttribute<?>[] attribute(Path path, Set<PosixFilePermission> permissions) throws IOException {
        return posix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
