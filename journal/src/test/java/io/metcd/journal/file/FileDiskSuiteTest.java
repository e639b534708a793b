package io.metcd.journal.file;

import io.metcd.base.Disk;
import io.metcd.testkit.disk.DiskSuite;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileDiskSuiteTest extends DiskSuite {
    private final FileDisk disk;

    FileDiskSuiteTest(@TempDir Path directory) throws IOException {
        this.disk = FileDisk.open(directory);
    }

    @BeforeEach
    void isEmpty() throws IOException {
        org.assertj.core.api.Assertions.assertThat(disk.list()).isEmpty();
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
    }

    @Override
    protected Disk disk() {
        return disk;
    }
}
