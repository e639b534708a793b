package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PromiseFileTest {
    private final SimDisk disk = new SimDisk(RandomSource.seeded(1));

    @Test
    void theFirstLifeIsKeptThoughItIsNeverPromisedIn() throws IOException {
        new PromiseFile(disk, 1000).load();
        disk.crash();

        assertThat(new PromiseFile(disk, 2000).load())
                .contains(new PromiseStore.Kept(1000, 0, Optional.empty(), false));
    }

    @Test
    void aPromiseStandsAfterAPowerCut() throws IOException {
        FoundingSet set = FoundingSet.ofSlots("orders", List.of("a", "b"));
        PromiseFile file = new PromiseFile(disk, 1000);
        file.load();

        file.save(new PromiseStore.Kept(1000, 3, Optional.of(set), true));
        disk.crash();

        assertThat(new PromiseFile(disk, 2000).load()).contains(new PromiseStore.Kept(1000, 3, Optional.of(set), true));
    }

    @Test
    void aDamagedPromiseIsRefusedAndNeverForgotten() throws IOException {
        new PromiseFile(disk, 1000).load();
        try (Disk.File file = disk.open(PromiseFile.NAME)) {
            file.write(16, Bytes.utf8("x"));
        }

        assertThatThrownBy(() -> new PromiseFile(disk, 2000).load())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'founding'")
                .hasMessageContaining("checksum");
    }
}
