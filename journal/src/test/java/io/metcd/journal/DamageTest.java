package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every way to break a small journal: what opens holds all that was acknowledged. */
class DamageTest {
    /** Behind the head of a segment, and before its end. */
    private static final int IN_A_RECORD = 600;

    private static final int SECTOR_BYTES = 512;

    private static final Bytes LABEL = Bytes.utf8("orders/a");
    private static final Configuration MEMBERS = Configuration.of(1, 2, 3);
    private static final int LOG_BYTES = 16 * 1024;

    private final SimDisk disk = new SimDisk(RandomSource.seeded(1));
    private final List<Entry> entries = new ArrayList<>();
    private HardState hardState = HardState.EMPTY;
    private int lastBatch;
    /** Of the last entries. */
    private int mayBeCut;

    private final TreeMap<String, Bytes> files = new TreeMap<>();

    private static final Journal.Completion MUST_BE_DURABLE = new Journal.Completion() {
        @Override
        public void durable() {}

        @Override
        public void failed(IOException cause) {
            throw new AssertionError(cause);
        }
    };

    private DiskJournal open() throws IOException {
        Limits limits = new Limits(4096, 1, 256, 1 << 20, 64 * 1024, 1 << 20);
        return DiskJournal.open(
                disk, LABEL, new DiskJournal.Setup(limits, Clock.system(), RandomSource.seeded(7), Workers.INLINE));
    }

    /** A log of some segments; the indexes at which snapshots are taken. */
    private void write(long... snapshots) throws IOException {
        DiskJournal journal = open();
        RandomSource random = RandomSource.seeded(3);
        long bytes = 0;
        while (bytes < LOG_BYTES) {
            lastBatch = (int) random.between(1, 4);
            List<Entry> batch = new ArrayList<>();
            for (int i = 0; i < lastBatch; i++) {
                Entry entry = new Entry(
                        1, entries.size() + 1, Entry.Kind.COMMAND, random.bytes((int) random.between(1, 300)));
                bytes += entry.sizeBytes();
                entries.add(entry);
                batch.add(entry);
            }
            hardState = new HardState(1, 2, entries.size());
            journal.append(Optional.of(hardState), batch, MUST_BE_DURABLE);
        }
        for (long index : snapshots) {
            Journal.SnapshotSink sink = journal.snapshot(new SnapshotMark(index, 1, MEMBERS));
            sink.write(Bytes.utf8("state at " + index));
            sink.commit(MUST_BE_DURABLE);
        }
        journal.close();
        for (String name : disk.list()) {
            if (LogNames.isSegment(name) || LogNames.isSnapshot(name)) {
                files.put(name, disk.get(name));
            }
        }
    }

    private List<String> segments() {
        return files.keySet().stream().filter(LogNames::isSegment).toList();
    }

    private void restore() {
        for (String name : disk.list()) {
            if (!files.containsKey(name)) {
                disk.lose(name);
            }
        }
        files.forEach((name, content) -> {
            if (!disk.list().contains(name) || !disk.get(name).equals(content)) {
                disk.put(name, content);
            }
        });
    }

    /** Opens what is there; true if it was refused. Everything must be there otherwise. */
    private boolean refused(String how) {
        try {
            Recovery.Result found = Recovery.run(disk, LABEL);
            int base = found.snapshot().map(each -> (int) each.mark().index()).orElse(0);
            int last = base + found.entries().size();
            assertThat(last).as(how).isIn(entries.size(), entries.size() - mayBeCut);
            assertThat(found.entries()).as(how).isEqualTo(entries.subList(base, last));
            if (last < entries.size()) {
                assertThat(found.report().cutBytes()).as(how).isPositive();
            }
            return false;
        } catch (JournalDamage damage) {
            assertThat(damage).as(how).hasMessageContaining("recover this member from its peers");
            return true;
        } catch (IOException | RuntimeException other) {
            throw new AssertionError(how + " gives " + other, other);
        }
    }

    @Test
    void theLogIsRefusedWhenItEndsAtAnyByte() throws IOException {
        write();
        for (String name : segments()) {
            Bytes whole = files.getOrDefault(name, Bytes.EMPTY);
            for (int size = 0; size < whole.size(); size++) {
                disk.put(name, whole.slice(0, size));
                assertThat(refused(name + " cut at " + size)).isTrue();
            }
            restore();
        }
        assertThat(refused("nothing")).isFalse();
    }

    /** Flips each bit of a file; how often what opened is shorter than it was. */
    private long flipAll(String name) {
        Bytes whole = disk.get(name);
        long cuts = 0;
        for (long bit = 0; bit < 8L * whole.size(); bit++) {
            disk.flip(name, bit);
            boolean refused = refused(name + " with bit " + bit + " flipped");
            if (!refused && !disk.get(name).equals(whole)) {
                cuts++;
                disk.put(name, whole);
            } else {
                disk.flip(name, bit);
            }
        }
        return cuts;
    }

    @Test
    void noFlippedBitTakesAnything() throws IOException {
        write();
        long bytes = 0;
        for (String name : segments()) {
            bytes += disk.get(name).size();
            flipAll(name);
        }
        assertThat(bytes).isGreaterThan(LOG_BYTES);
    }

    @Test
    void noSectorOfZerosTakesAnything() throws IOException {
        write();
        for (String name : segments()) {
            for (int from = 0; from < disk.get(name).size(); from += SECTOR_BYTES) {
                byte[] content = disk.get(name).toArray();
                Arrays.fill(content, from, from + SECTOR_BYTES, (byte) 0);
                disk.put(name, Bytes.wrap(content));
                refused(name + " with zeros at " + from);
                restore();
            }
        }
    }

    /** Where nothing says that the last batch was on the disk, one that is broken may be one that was never finished. */
    @Test
    void noFlippedBitTakesMoreThanALastBatchThatNothingVouchesFor() throws IOException {
        write();
        String last = segments().get(segments().size() - 1);
        Bench.takeVoucher(disk, last);
        mayBeCut = lastBatch;

        assertThat(flipAll(last)).as("flips that look like an unfinished batch").isPositive();
    }

    @Test
    void damageCostsNoMoreMemoryThanTheLogIsLarge() throws IOException {
        write();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long input = files.values().stream().mapToLong(Bytes::size).sum();
        String name = segments().get(1);
        long worst = 0;
        for (long bit = 0; bit < 8L * 4096; bit += 7) {
            disk.flip(name, bit);
            refused("warm up");
            long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
            boolean refused = refused(name);
            long used = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
            worst = refused ? Math.max(worst, used) : worst;
            restore();
        }
        assertThat(worst).isLessThan(4 * input + 128 * 1024);
    }

    @Test
    void aMissingSegmentIsNoticed() throws IOException {
        write();
        for (String name : segments()) {
            disk.lose(name);
            assertThat(refused(name + " lost")).as(name + " of " + segments()).isTrue();
            restore();
        }
    }

    @Test
    void aDoubledOrMovedSegmentIsNoticed() throws IOException {
        write();
        for (String from : segments()) {
            for (String to : segments()) {
                if (!from.equals(to)) {
                    disk.put(to, disk.get(from));
                    assertThat(refused(from + " as " + to)).isTrue();
                    restore();
                }
            }
        }
    }

    @Test
    void aSegmentOfZerosIsNoticed() throws IOException {
        write();
        for (String name : segments()) {
            disk.put(name, Bytes.wrap(new byte[disk.get(name).size()]));
            assertThat(refused(name + " of zeros")).isTrue();
            restore();
        }
    }

    @Test
    void noFlippedBitOfASnapshotTakesAnything() throws IOException {
        write(20, 40);
        assertThat(segments().get(0))
                .as("the log is cut behind the older snapshot")
                .isNotEqualTo(LogNames.segment(1));
        for (long index : List.of(20L, 40L)) {
            String name = LogNames.snapshot(index);
            for (long bit = 0; bit < 8L * disk.get(name).size(); bit++) {
                disk.flip(name, bit);
                assertThat(refused(name + " with bit " + bit + " flipped")).isFalse();
                disk.flip(name, bit);
            }
        }
    }

    @Test
    void aSnapshotThatEndsAtAnyByteTakesNothing() throws IOException {
        write(20, 40);
        for (long index : List.of(20L, 40L)) {
            String name = LogNames.snapshot(index);
            Bytes whole = disk.get(name);
            for (int size = 0; size < whole.size(); size++) {
                disk.put(name, whole.slice(0, size));
                assertThat(refused(name + " cut at " + size)).isFalse();
            }
            disk.put(name, whole);
        }
    }

    @Test
    void whatOnlyTheOlderSnapshotNeedsIsReadWhenTheNewerIsBroken() throws IOException {
        write(20, 40);
        disk.flip(segments().get(0), 8L * IN_A_RECORD);

        assertThat(refused("a bit of what the newer snapshot covers")).isFalse();

        disk.flip(LogNames.snapshot(40), 8L * (disk.get(LogNames.snapshot(40)).size() - 1));
        assertThat(refused("and the newer snapshot broken")).isTrue();
    }

    @Test
    void withoutASnapshotTheLogIsNotEnoughAndThatIsSaid() throws IOException {
        write(20, 40);
        disk.lose(LogNames.snapshot(20));
        disk.lose(LogNames.snapshot(40));

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("snapshot-0000000000000028 is missing");
    }

    @Test
    void anotherMembersSnapshotIsRefused() throws IOException {
        write(20, 40);
        Bytes own = disk.get(LogNames.snapshot(40));
        disk.put(LogNames.snapshot(20), own);

        assertThat(refused("the wrong snapshot as the older one")).isFalse();
        disk.flip(LogNames.snapshot(40), 8L * (own.size() - 1));
        assertThat(refused("and the newer one broken")).isTrue();
    }
}
