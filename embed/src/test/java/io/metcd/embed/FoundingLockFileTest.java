package io.metcd.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoundingLockFileTest {
    @TempDir
    Path shared;

    private FoundingLockFile lock() {
        return new FoundingLockFile(shared.resolve("lock"), "orders");
    }

    @Test
    void nobodyHasALockThatIsNotThere() throws IOException {
        assertThat(lock().holder()).isEmpty();
    }

    @Test
    void whoeverIsFirstHasItForGood() throws IOException {
        assertThat(lock().take(0xfeed_0000_0000_0001L)).isEqualTo(0xfeed_0000_0000_0001L);

        assertThat(lock().take(2)).isEqualTo(0xfeed_0000_0000_0001L);

        assertThat(lock().holder()).contains(0xfeed_0000_0000_0001L);
        try (var files = Files.list(shared)) {
            assertThat(files).containsExactly(shared.resolve("lock"));
        }
    }

    @Test
    void theLockMayBeReadByWhoeverMayReadOtherFilesThere() throws IOException {
        Path neighbour = Files.writeString(shared.resolve("neighbour"), "");

        lock().take(1);

        assertThat(Files.getPosixFilePermissions(shared.resolve("lock")))
                .isEqualTo(Files.getPosixFilePermissions(neighbour));
    }

    @Test
    void ofManyAtOnceAllAreToldTheSame() {
        List<CompletableFuture<Long>> takers = new ArrayList<>();
        for (long id = 1; id <= 16; id++) {
            long mine = id;
            takers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return lock().take(mine);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }

        List<Long> told = takers.stream().map(CompletableFuture::join).toList();

        assertThat(told).containsOnly(told.get(0));
    }

    @Test
    void theLockOfAnotherNameAndWhatIsNoLockAreRefusedWithTheFix() throws IOException {
        new FoundingLockFile(shared.resolve("lock"), "invoices").take(1);
        assertThatThrownBy(() -> lock().holder())
                .hasMessageContaining("'invoices'")
                .hasMessageContaining("'orders'");

        Files.writeString(shared.resolve("lock"), "shopping list\n");
        assertThatThrownBy(() -> lock().take(1)).hasMessageContaining("no founding lock");

        assertThatThrownBy(() -> new FoundingLockFile(shared.resolve("nowhere/lock"), "orders"))
                .hasMessageContaining("a directory that exists");
    }

    @Test
    void aLockThatItsFileSystemRefusesSaysWhatItNeeds() throws IOException {
        Path gone = Files.createDirectory(shared.resolve("gone"));
        FoundingLockFile lock = new FoundingLockFile(gone.resolve("lock"), "orders");
        Files.delete(gone);

        assertThatThrownBy(() -> lock.take(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(gone.toString())
                .hasMessageContaining(
                        "its directory must be there, be writable, and be on a file system with hard links");
    }
}
