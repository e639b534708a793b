package io.metcd.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SimDiskTest {
    @Test
    void whatWasSyncedSurvivesEveryCrash() throws IOException {
        for (int seed = 0; seed < 100; seed++) {
            SimDisk disk = new SimDisk(RandomSource.seeded(seed));
            Bytes kept = RandomSource.seeded(seed).bytes(5000);
            Disk.File file = disk.open("log");
            file.write(0, kept);
            file.sync();
            disk.syncDirectory();
            file.write(5000, Bytes.copyOf(new byte[3000]));

            disk.crash();

            assertThat(disk.open("log").read(0, 5000)).isEqualTo(kept);
        }
    }

    @Test
    void unsyncedSectorsAreKeptLostOrTorn() throws IOException {
        TreeSet<String> fates = new TreeSet<>();
        for (int seed = 0; seed < 200; seed++) {
            SimDisk disk = new SimDisk(RandomSource.seeded(seed));
            Disk.File file = disk.open("log");
            file.write(0, Bytes.copyOf(new byte[disk.sectorBytes()]));
            file.sync();
            disk.syncDirectory();
            byte[] ones = new byte[disk.sectorBytes()];
            Arrays.fill(ones, (byte) 1);
            file.write(0, Bytes.wrap(ones));

            disk.crash();

            Bytes after = disk.open("log").read(0, disk.sectorBytes());
            int kept = 0;
            while (kept < after.size() && after.at(kept) == 1) {
                kept++;
            }
            fates.add(kept == 0 ? "lost" : kept == disk.sectorBytes() ? "kept" : "torn");
        }

        assertThat(fates).containsExactly("kept", "lost", "torn");
    }

    @Test
    void aNameIsDurableOnlyAfterTheDirectoryIsSynced() throws IOException {
        TreeSet<Integer> sizes = new TreeSet<>();
        for (int seed = 0; seed < 50; seed++) {
            SimDisk disk = new SimDisk(RandomSource.seeded(seed));
            disk.open("a");
            disk.syncDirectory();
            disk.open("b");
            disk.rename("b", "c");

            disk.crash();

            assertThat(disk.list()).contains("a");
            sizes.add(disk.list().size());
        }

        assertThat(sizes).containsExactly(1, 2);
    }

    @Test
    void aFullDiskRefusesAndADeleteMakesRoom() throws IOException {
        SimDisk disk = new SimDisk(RandomSource.seeded(1));
        disk.setFaults(new SimDisk.Faults(0, 0, 1000));
        disk.open("a").write(0, Bytes.copyOf(new byte[800]));

        assertThatThrownBy(() -> disk.open("b").write(0, Bytes.copyOf(new byte[300])))
                .isInstanceOf(Disk.NoSpace.class);
        assertThat(disk.open("b").size()).as("as far as there was room").isEqualTo(200);
        disk.delete("a");
        disk.open("b").write(0, Bytes.copyOf(new byte[300]));

        assertThat(disk.open("b").size()).isEqualTo(300);
    }

    @Test
    void aFailedSyncLeavesPagesThatCountAsCleanAndAreNot() throws IOException {
        SimDisk disk = new SimDisk(RandomSource.seeded(1));
        Disk.File file = disk.open("a");
        disk.syncDirectory();
        file.write(0, Bytes.utf8("text"));
        disk.setFaults(new SimDisk.Faults(1, 0, Long.MAX_VALUE));

        assertThatThrownBy(file::sync).hasMessage("sync failed");
        disk.setFaults(SimDisk.Faults.NONE);
        file.sync();
        assertThat(file.read(0, 4)).isEqualTo(Bytes.utf8("text"));
        disk.crash();

        assertThat(disk.open("a").read(0, 4)).isNotEqualTo(Bytes.utf8("text"));
    }

    @Test
    void afterAPowerCutNothingChangesUntilThePowerIsBack() throws IOException {
        SimDisk disk = new SimDisk(RandomSource.seeded(1));
        Disk.File file = disk.open("a");
        disk.syncDirectory();
        file.write(0, Bytes.utf8("text"));
        file.sync();

        disk.cutAfter(0);

        assertThatThrownBy(() -> disk.delete("a")).isInstanceOf(SimDisk.PowerCut.class);
        assertThatThrownBy(file::sync).isInstanceOf(SimDisk.PowerCut.class);
        disk.crash();
        assertThat(disk.open("a").read(0, 4)).isEqualTo(Bytes.utf8("text"));
    }

    @Test
    void aForkGoesItsOwnWay() throws IOException {
        SimDisk disk = new SimDisk(RandomSource.seeded(1));
        disk.open("a").write(0, Bytes.utf8("text"));
        SimDisk fork = disk.fork(RandomSource.seeded(2));

        fork.crashHard();
        disk.open("a").sync();
        disk.syncDirectory();
        disk.crashHard();

        assertThat(fork.list()).isEmpty();
        assertThat(disk.get("a")).isEqualTo(Bytes.utf8("text"));
    }
}
