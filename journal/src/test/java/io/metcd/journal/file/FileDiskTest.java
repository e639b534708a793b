package io.metcd.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDiskTest {
    @TempDir
    private Path directory;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void aDirectoryAndItsFilesAreTheOwnersAlone() throws IOException {
        Path made = directory.resolve("a/b");
        try (FileDisk disk = FileDisk.open(made)) {
            disk.open("log").close();
        }

        assertThat(permissions(made)).isEqualTo("rwx------");
        assertThat(permissions(made.resolve("log"))).isEqualTo("rw-------");
        assertThat(permissions(made.resolve("lock"))).isEqualTo("rw-------");
    }

    @Test
    void filesThatOthersCouldReadAreNarrowed() throws IOException {
        Path file = Files.writeString(directory.resolve("log"), "x");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        FileDisk.open(directory).close();

        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void aSecondOwnerIsToldWhoHasTheDirectoryAndWhatToDo() throws IOException {
        try (FileDisk first = FileDisk.open(directory)) {
            assertThatThrownBy(() -> FileDisk.open(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(first.directory().toString())
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid())
                    .hasMessageContaining("give this member a directory of its own");
        }
        FileDisk.open(directory).close();
    }

    @Test
    void aFileInThePlaceOfADirectoryIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("x"), "");

        assertThatThrownBy(() -> FileDisk.open(file)).hasMessageContaining(file + " is not a directory");
    }

    @Test
    void etcdsOwnDirectoryIsRefused() throws IOException {
        Files.createDirectory(directory.resolve("member"));

        assertThatThrownBy(() -> FileDisk.open(directory)).hasMessageContaining("is a data directory of etcd");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() {
        assertThatThrownBy(() -> FileDisk.open(Path.of("/proc/self")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("/lock cannot be opened for writing")
                .hasMessageContaining("let this user write to its directory, or name another one");
    }

    @Test
    void aFullDiskIsToldFromABrokenOne() {
        assertThat(FileDisk.named(new IOException("No space left on device"))).isInstanceOf(Disk.NoSpace.class);
        assertThat(FileDisk.named(new IOException("Disk quota exceeded"))).isInstanceOf(Disk.NoSpace.class);
        assertThat(FileDisk.named(new IOException("Input/output error"))).isNotInstanceOf(Disk.NoSpace.class);
    }

    @Test
    void aReaderTakesNoLockAndChangesNothing() throws IOException {
        try (FileDisk owner = FileDisk.open(directory)) {
            Disk.File file = owner.open("log");
            file.write(0, Bytes.utf8("text"));
            file.close();
            Disk reader = FileDisk.readOnly(directory);

            assertThat(reader.list()).containsExactly("log");
            try (Disk.File seen = reader.open("log")) {
                assertThat(seen.read(0, 10)).isEqualTo(Bytes.utf8("text"));
                assertThatThrownBy(() -> seen.write(0, Bytes.utf8("x"))).isInstanceOf(IOException.class);
            }
            assertThatThrownBy(() -> reader.delete("log")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> reader.open("other")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void whoAsksForTheHolderInTheHoldersOwnProcessLeavesItTheLock() throws IOException {
        try (FileDisk disk = FileDisk.open(directory)) {
            assertThat(FileDisk.holder(directory))
                    .contains(Long.toString(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> FileDisk.open(directory)).hasMessageContaining("in use by process");

            assertThat(locks()).as("the machine's own list of locks").isEqualTo(1);
            assertThat(disk.list()).isEmpty();
        }
        assertThat(FileDisk.holder(directory)).isEmpty();
    }

    /** The locks on the file that the machine knows of: it tells them by the file's number. */
    private long locks() throws IOException {
        String file = ":" + Files.getAttribute(directory.resolve("lock"), "unix:ino") + " ";
        return Files.readString(Path.of("/proc/locks"))
                .lines()
                .filter(line -> line.contains(file))
                .count();
    }

    @Test
    void aSmallDiskGetsSmallFilesAndATooSmallOneIsKnown() {
        int request = 1_572_864;

        assertThat(Limits.forDisk(16 << 20, request).segmentBytes()).isEqualTo(2 << 20);
        assertThat(Limits.forDisk(300L << 20, request).segmentBytes()).isEqualTo(32 << 20);
        assertThat(Limits.forDisk(1L << 40, request)).isEqualTo(Limits.DEFAULT);
        assertThat(Limits.forDisk(16 << 20, 16 << 20).segmentBytes()).isEqualTo(32 << 20);
        assertThat(Limits.diskBytesMin(request)).isEqualTo(12 << 20);
    }

    @Test
    void namesThatLeaveTheDirectoryAreRefused() throws IOException {
        try (FileDisk disk = FileDisk.open(directory)) {
            assertThatThrownBy(() -> disk.open("../x")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
