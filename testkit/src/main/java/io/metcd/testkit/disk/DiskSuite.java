package io.metcd.testkit.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What everything that stands on a disk relies on, real or simulated: extend it for each. */
public abstract class DiskSuite {
    /** An empty disk. */
    protected abstract Disk disk() throws IOException;

    @Test
    void aFileThatIsOpenedComesIntoBeing() throws IOException {
        Disk disk = disk();
        try (Disk.File file = disk.open("log")) {
            assertEquals(0, file.size());
        }
        assertEquals(List.of("log"), disk.list());
    }

    @Test
    void namesAreListedInAscendingOrder() throws IOException {
        Disk disk = disk();
        for (String name : List.of("c", "a", "b")) {
            disk.open(name).close();
        }
        assertEquals(List.of("a", "b", "c"), disk.list());
    }

    @Test
    void aWriteBehindTheEndFillsTheGapWithZeros() throws IOException {
        try (Disk.File file = disk().open("log")) {
            file.write(3, Bytes.utf8("x"));
            assertEquals(4, file.size());
            assertEquals(Bytes.of(0, 0, 0, 'x'), file.read(0, 10));
        }
    }

    @Test
    void aWriteInTheMiddleLeavesTheRest() throws IOException {
        try (Disk.File file = disk().open("log")) {
            file.write(0, Bytes.utf8("abcdef"));
            file.write(2, Bytes.utf8("XY"));
            assertEquals(Bytes.utf8("abXYef"), file.read(0, 6));
        }
    }

    @Test
    void aReadEndsWithTheFile() throws IOException {
        try (Disk.File file = disk().open("log")) {
            file.write(0, Bytes.utf8("abc"));
            assertEquals(Bytes.utf8("c"), file.read(2, 100));
            assertEquals(Bytes.EMPTY, file.read(3, 100));
            assertEquals(Bytes.EMPTY, file.read(100, 100));
        }
    }

    @Test
    void aSliceIsWrittenAlone() throws IOException {
        try (Disk.File file = disk().open("log")) {
            file.write(0, Bytes.utf8("abcdef").slice(2, 4));
            assertEquals(Bytes.utf8("cd"), file.read(0, 10));
        }
    }

    @Test
    void moreThanOneBufferIsWrittenAndReadAsAWhole() throws IOException {
        byte[] large = new byte[3_000_001];
        for (int i = 0; i < large.length; i++) {
            large[i] = (byte) (i * 31);
        }
        try (Disk.File file = disk().open("log")) {
            file.write(5, Bytes.wrap(large));
            file.sync();
            assertEquals(Bytes.wrap(large), file.read(5, large.length));
        }
    }

    @Test
    void whatIsCutOffIsGone() throws IOException {
        try (Disk.File file = disk().open("log")) {
            file.write(0, Bytes.utf8("abcdef"));
            file.truncate(2);
            file.write(4, Bytes.utf8("x"));
            assertEquals(Bytes.of('a', 'b', 0, 0, 'x'), file.read(0, 10));
        }
    }

    @Test
    void aRenameReplacesAndKeepsAnOpenFileOpen() throws IOException {
        Disk disk = disk();
        disk.open("old").close();
        try (Disk.File file = disk.open("new")) {
            file.write(0, Bytes.utf8("a"));
            disk.rename("new", "old");
            disk.syncDirectory();
            file.write(1, Bytes.utf8("b"));
            file.sync();
        }
        assertEquals(List.of("old"), disk.list());
        try (Disk.File file = disk.open("old")) {
            assertEquals(Bytes.utf8("ab"), file.read(0, 10));
        }
    }

    @Test
    void whatIsNotThereCannotBeDeletedOrRenamed() throws IOException {
        Disk disk = disk();
        assertThrows(IOException.class, () -> disk.delete("none"));
        assertThrows(IOException.class, () -> disk.rename("none", "other"));
        assertTrue(disk.list().isEmpty());
    }
}
