package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
    private static final DiskJournal.Setup SETUP =
            new DiskJournal.Setup(Limits.SMALL, Clock.system(), RandomSource.seeded(7), Workers.INLINE);

    private final SimDisk disk = new SimDisk(RandomSource.seeded(1));

    @Test
    void whoseItIsSurvivesAPowerCut() throws IOException {
        DataDirectory begun = DataDirectory.open(disk, "orders");
        begun.nextIncarnation();
        begun.bind(0xc1, 0xa1);

        disk.crashHard();
        DirectoryMeta meta = DataDirectory.open(disk, "orders").meta();

        assertThat(meta).isEqualTo(begun.meta());
        assertThat(meta.clusterId()).isEqualTo(0xc1);
        assertThat(meta.memberId()).isEqualTo(0xa1);
        assertThat(meta.incarnation()).isEqualTo(1);
    }

    @Test
    void noIncarnationIsEverUsedTwice() throws IOException {
        for (long life = 1; life <= 5; life++) {
            assertThat(DataDirectory.open(disk, "orders").nextIncarnation()).isEqualTo(life);
            disk.crash();
        }
    }

    @Test
    void aLifeBeginsOnAFullDiskAsLongAsTheLogHasAReserve() throws IOException {
        DataDirectory.open(disk, "orders").journal(SETUP);
        disk.fill();

        assertThat(DataDirectory.open(disk, "orders").nextIncarnation()).isEqualTo(1);
        assertThat(DataDirectory.open(disk, "orders").journal(SETUP).hasRoom()).isTrue();
    }

    @Test
    void anotherClustersDirectoryIsRefused() throws IOException {
        DataDirectory.open(disk, "orders");

        assertThatThrownBy(() -> DataDirectory.open(disk, "billing"))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("belongs to the cluster 'orders', not to 'billing'")
                .hasMessageContaining("name the directory that this member was made with, or an empty one");
    }

    @Test
    void anotherMembersDirectoryIsRefused() throws IOException {
        DataDirectory directory = DataDirectory.open(disk, "orders");
        directory.bind(0xc1, 0xa1);
        directory.bind(0xc1, 0xa1);

        assertThatThrownBy(() -> directory.bind(0xc1, 0xb2))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("that of member a1 of cluster c1, not of member b2 of cluster c1");
    }

    @Test
    void aLaterFormatIsRefusedAndSaysWhichVersionToStart() throws IOException {
        DataDirectory.open(disk, "orders");
        byte[] meta = disk.get(DataDirectory.META).toArray();
        meta[7] = 2;
        disk.put(DataDirectory.META, Bytes.wrap(meta));

        assertThatThrownBy(() -> DataDirectory.open(disk, "orders"))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("has format 2, this version knows 1: start the version that wrote it");
    }

    @Test
    void noFlippedOrMissingBitOfItGoesUnnoticed() throws IOException {
        DataDirectory.open(disk, "orders").bind(1, 2);
        Bytes whole = disk.get(DataDirectory.META);
        for (int bit = 0; bit < 8 * whole.size(); bit++) {
            disk.flip(DataDirectory.META, bit);
            assertThatThrownBy(() -> DataDirectory.open(disk, "orders")).isInstanceOf(JournalDamage.class);
            disk.flip(DataDirectory.META, bit);
        }
        for (int size = 0; size < whole.size(); size++) {
            disk.put(DataDirectory.META, whole.slice(0, size));
            assertThatThrownBy(() -> DataDirectory.open(disk, "orders")).isInstanceOf(JournalDamage.class);
        }
    }

    @Test
    void aLogWithoutItsMetaIsRefused() throws IOException {
        DataDirectory.open(disk, "orders").journal(SETUP);
        disk.lose(DataDirectory.META);

        assertThatThrownBy(() -> DataDirectory.open(disk, "orders"))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("its file meta is missing");
    }

    @Test
    void aMetaWhoseLogIsGoneIsRefused() throws IOException {
        DataDirectory.open(disk, "orders").journal(SETUP);
        for (String name : disk.list()) {
            if (LogNames.isSegment(name)) {
                disk.lose(name);
            }
        }

        assertThatThrownBy(() -> DataDirectory.open(disk, "orders").journal(SETUP))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("the log of the directory is gone");
    }

    @Test
    void aLogOfAnotherDirectoryIsRefused() throws IOException {
        SimDisk other = new SimDisk(RandomSource.seeded(2));
        DataDirectory.open(other, "orders").journal(SETUP);
        DataDirectory.open(disk, "orders").journal(SETUP);
        disk.put(LogNames.segment(1), other.get(LogNames.segment(1)));

        assertThatThrownBy(() -> DataDirectory.open(disk, "orders").journal(SETUP))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("is of another directory");
    }

    @Test
    void aCheckTellsWhatAMemberWouldGoOnFromAndWritesNothing() throws IOException {
        begun();
        Map<String, Bytes> before = content();

        Checkup checkup = DataDirectory.check(disk);

        assertThat(checkup.meta().cluster()).isEqualTo("orders");
        assertThat(checkup.firstIndex()).isEqualTo(3);
        assertThat(checkup.lastIndex()).isEqualTo(5);
        assertThat(checkup.log().hardState()).isEqualTo(new HardState(1, 0, 4));
        assertThat(checkup.snapshots())
                .extracting(snapshot ->
                        snapshot.mark().index() + " " + snapshot.damage().isPresent())
                .containsExactly("2 false", "1 false");
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void aCheckTellsOfADamagedSnapshotThatAMemberWouldNotMiss() throws IOException {
        begun();
        disk.flip(LogNames.snapshot(1), 8 * 520);

        assertThat(DataDirectory.check(disk).snapshots())
                .extracting(snapshot ->
                        snapshot.mark().index() + " " + snapshot.damage().isPresent())
                .containsExactly("2 false", "1 true");
    }

    private void begun() throws IOException {
        DiskJournal journal = DataDirectory.open(disk, "orders").journal(SETUP);
        Journal.Completion heard = new Journal.Completion() {
            @Override
            public void durable() {}

            @Override
            public void failed(IOException cause) {
                throw new AssertionError(cause);
            }
        };
        for (long index = 1; index <= 5; index++) {
            Entry entry = new Entry(1, index, Entry.Kind.NOOP, Bytes.EMPTY);
            journal.append(Optional.of(new HardState(1, 0, index - 1)), List.of(entry), heard);
        }
        for (long index = 1; index <= 2; index++) {
            Journal.SnapshotSink sink = journal.snapshot(new SnapshotMark(index, 1, Configuration.of(1)));
            sink.write(Bytes.utf8("state"));
            sink.commit(heard);
        }
        journal.close();
    }

    private Map<String, Bytes> content() throws IOException {
        Map<String, Bytes> content = new TreeMap<>();
        for (String name : disk.list()) {
            content.put(name, disk.get(name));
        }
        return content;
    }

    @Test
    void aBeginningThatIsCutOffAtAnyCallCanBeBegunAgain() throws IOException {
        for (int calls = 0; calls < 40; calls++) {
            SimDisk fresh = new SimDisk(RandomSource.seeded(calls));
            fresh.cutAfter(calls);
            try {
                DataDirectory.open(fresh, "orders").journal(SETUP);
            } catch (SimDisk.PowerCut cut) {
                assertThat(calls).isLessThan(39);
            }
            fresh.crash();

            DiskJournal journal = DataDirectory.open(fresh, "orders").journal(SETUP);

            assertThat(journal.recovered().hardState()).isEqualTo(HardState.EMPTY);
            assertThat(journal.recovered().entries()).isEqualTo(List.of());
            assertThat(journal.recovered().snapshot()).isEqualTo(Optional.empty());
        }
    }
}
