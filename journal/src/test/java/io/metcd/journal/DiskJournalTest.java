package io.metcd.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.Property;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiskJournalTest {
    private static final Bytes LABEL = Bytes.utf8("orders/a");
    private static final Configuration MEMBERS = Configuration.of(1, 2, 3);
    private static final String LOG = "log-0000000000000001";

    /** Counts what was acknowledged. */
    private static final class Counting implements Journal.Completion {
        int durable;
        Optional<IOException> failure = Optional.empty();

        @Override
        public void durable() {
            durable++;
        }

        @Override
        public void failed(IOException cause) {
            failure = Optional.of(cause);
        }
    }

    private static final DiskJournal.Setup SETUP =
            new DiskJournal.Setup(Limits.SMALL, Clock.system(), RandomSource.seeded(7), Workers.INLINE);

    private static final int IN_THE_FIRST_RECORD = 512 + 33;

    private static SimDisk disk(long seed) {
        return new SimDisk(RandomSource.seeded(seed));
    }

    /** Breaks a byte of a file. */
    private static void damage(SimDisk disk, String name, int position) {
        disk.flip(name, 8L * position);
    }

    /** Behind the last byte of a file that is not zero. */
    private static int end(SimDisk disk, String name) {
        Bytes content = disk.get(name);
        int end = content.size();
        while (content.at(end - 1) == 0) {
            end--;
        }
        return end;
    }

    private static DiskJournal open(SimDisk disk) throws IOException {
        return DiskJournal.open(disk, LABEL, SETUP);
    }

    private static Entry entry(long term, long index, String text) {
        return new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8(text));
    }

    private static void append(Journal journal, HardState state, Entry... entries) {
        Counting counting = new Counting();
        journal.append(Optional.of(state), List.of(entries), counting);
        assertThat(counting.durable).isEqualTo(1);
    }

    private static void snapshot(Journal journal, long index, long term, String... pieces) {
        Journal.SnapshotSink sink = journal.snapshot(new SnapshotMark(index, term, MEMBERS));
        for (String piece : pieces) {
            sink.write(Bytes.utf8(piece));
        }
        Counting counting = new Counting();
        sink.commit(counting);
        assertThat(counting.durable).isEqualTo(1);
    }

    @Test
    void whatWasAppendedIsThereAfterAPowerCut() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"), entry(1, 2, "b"));
        append(journal, new HardState(2, 8, 1), entry(2, 2, "c"));

        disk.crash();
        Recovered recovered = open(disk).recovered();

        assertThat(recovered.hardState()).isEqualTo(new HardState(2, 8, 1));
        assertThat(recovered.entries()).containsExactly(entry(1, 1, "a"), entry(2, 2, "c"));
    }

    @Test
    void aBatchIsOneSync() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        long before = disk.syncs();

        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));

        assertThat(disk.syncs()).isEqualTo(before + 1);
    }

    @Test
    void aSnapshotReplacesWhatItCoversAndLaterEntriesStay() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 2), entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));

        snapshot(journal, 2, 1, "piece 1", "piece 2");
        append(journal, new HardState(1, 7, 3), entry(1, 4, "d"));
        disk.crash();
        Recovered recovered = open(disk).recovered();

        assertThat(recovered.snapshot()).hasValueSatisfying(snapshot -> {
            assertThat(snapshot.mark()).isEqualTo(new SnapshotMark(2, 1, MEMBERS));
            assertThat(snapshot.chunks()).containsExactly(Bytes.utf8("piece 1"), Bytes.utf8("piece 2"));
        });
        assertThat(recovered.entries()).containsExactly(entry(1, 3, "c"), entry(1, 4, "d"));
    }

    @Test
    void aSnapshotOfAnotherHistoryTakesTheWholeLogAway() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"), entry(1, 2, "b"), entry(1, 3, "c"));

        snapshot(journal, 2, 5, "piece");
        disk.crash();
        Recovered recovered = open(disk).recovered();

        assertThat(recovered.entries()).isEmpty();
    }

    @Test
    void anUnfinishedLastBatchIsCutOffAndCounted() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"));
        append(journal, new HardState(1, 7, 0), entry(1, 2, "b"));
        Bench.takeVoucher(disk, LOG);
        damage(disk, LOG, end(disk, LOG) - 1);

        Recovered recovered = open(disk).recovered();

        assertThat(recovered.entries()).containsExactly(entry(1, 1, "a"));
        assertThat(recovered.report().cutBytes()).isPositive();
        assertThat(open(disk).recovered().report().cutBytes()).isZero();
    }

    @Test
    void aBrokenRecordBeforeAWholeOneIsDamageAndRefused() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"));
        append(journal, new HardState(1, 7, 0), entry(1, 2, "b"));
        damage(disk, LOG, IN_THE_FIRST_RECORD);

        assertThatThrownBy(() -> open(disk))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining(LOG)
                .hasMessageContaining("later ones follow");
    }

    @Test
    void aLastRecordThatWasOnTheDiskIsDamagedWhenItIsBrokenNotUnfinished() throws IOException {
        SimDisk disk = disk(1);
        append(open(disk), new HardState(1, 7, 0), entry(1, 1, "a"));
        damage(disk, LOG, IN_THE_FIRST_RECORD);

        assertThatThrownBy(() -> open(disk))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("the record 1 is broken, and later ones follow");
    }

    @Test
    void aJournalThatWasClosedIsVouchedForAlsoAfterAPowerCut() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"));
        journal.close();
        disk.crashHard();
        damage(disk, LOG, IN_THE_FIRST_RECORD);

        assertThatThrownBy(() -> open(disk)).isInstanceOf(JournalDamage.class);
    }

    @Test
    void startingAgainAndAgainAddsNothingToTheLog() throws IOException {
        SimDisk disk = disk(1);
        append(open(disk), new HardState(1, 7, 0), entry(1, 1, "a"));
        int end = end(disk, LOG);
        for (int life = 0; life < 100; life++) {
            open(disk).close();
        }

        assertThat(end(disk, LOG)).isEqualTo(end);
        assertThat(open(disk).recovered().entries()).containsExactly(entry(1, 1, "a"));
    }

    /** Wherever the next record ends: before, in, or behind the voucher of the one before it. */
    @Test
    void aJournalThatWasClosedIsNeverTakenForUnfinished() throws IOException {
        for (int size = 1; size < 600; size++) {
            SimDisk disk = disk(1);
            DiskJournal journal = open(disk);
            append(journal, new HardState(1, 7, 0), entry(1, 1, "a"));
            append(journal, new HardState(1, 7, 0), entry(1, 2, "b".repeat(size)));
            journal.close();

            assertThat(open(disk).recovered().report().cutBytes())
                    .as("of an entry of %s bytes", size)
                    .isZero();
        }
    }

    @Test
    void aSegmentNeverGrowsBeyondWhatItSays() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 0), entry(1, 1, "a"));
        journal.close();
        int size = disk.get(LOG).size();

        DiskJournal.Setup larger = new DiskJournal.Setup(
                Limits.SMALL.withSegmentBytes(1 << 20), Clock.system(), RandomSource.seeded(7), Workers.INLINE);
        DiskJournal.open(disk, LABEL, larger).close();

        assertThat(disk.get(LOG).size()).isEqualTo(size);
    }

    @Test
    void aBrokenSnapshotThatTheLogDoesNotReachBehindIsRefused() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        append(journal, new HardState(1, 7, 1), entry(1, 1, "a"));
        snapshot(journal, 9, 1, "p".repeat(1000));
        damage(disk, "snapshot-0000000000000009", 1000);

        assertThatThrownBy(() -> open(disk)).isInstanceOf(JournalDamage.class);
    }

    @Test
    void anotherMembersJournalIsRefused() throws IOException {
        SimDisk disk = disk(1);
        open(disk);

        assertThatThrownBy(() -> DiskJournal.open(disk, Bytes.utf8("orders/b"), SETUP))
                .isInstanceOf(JournalDamage.class)
                .hasMessageContaining("another member");
    }

    @Test
    void afterAFailureNothingIsAcknowledgedAnyMore() throws IOException {
        SimDisk disk = disk(1);
        DiskJournal journal = open(disk);
        Counting counting = new Counting();
        disk.cutAfter(0);

        journal.append(Optional.of(new HardState(1, 1, 0)), List.of(), counting);
        disk.cutAfter(1000);
        journal.append(Optional.of(new HardState(2, 1, 0)), List.of(), counting);

        assertThat(counting.durable).isZero();
        assertThat(counting.failure).isPresent();
    }

    /**
     * One step of a schedule: {@code kind} 0..6 appends, 7 snapshots, 8 cuts the power soon, 9 restarts the machine,
     * 10 the process alone, 11 makes syncs fail now and then until the next start.
     */
    private record Step(int kind, int number, int size) {}

    private static List<Step> schedule(RandomSource random) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            steps.add(new Step(random.nextInt(12), random.nextInt(40), random.nextInt(5)));
        }
        return steps;
    }

    @Test
    void noPowerCutTakesBackWhatWasAcknowledged() {
        Property.check(400, DiskJournalTest::schedule, steps -> new Run().play(steps));
    }

    /** A journal beside a model of it. */
    private static final class Run {
        private final SimDisk disk = disk(5);
        private DiskJournal journal = open(disk);
        private HardState state = HardState.EMPTY;
        private List<Entry> log = new ArrayList<>();
        private long base;
        /** What else may be found: the batch that was under way at the cut. */
        private List<Entry> maybeLog = log;

        private HardState maybeState = state;
        private long maybeBase;
        private long term = 1;
        /** After a failure its owner has stopped. */
        private boolean stopped;

        Run() throws IOException {}

        void play(List<Step> steps) throws IOException {
            for (Step step : steps) {
                switch (step.kind()) {
                    case 7 -> snapshot(step);
                    case 8 -> disk.cutAfter(step.number());
                    case 9 -> {
                        disk.crash();
                        restart();
                    }
                    case 10 -> restart();
                    case 11 -> disk.setFaults(new SimDisk.Faults(0.3, 0, Long.MAX_VALUE));
                    default -> append(step);
                }
            }
            disk.crash();
            restart();
        }

        private void append(Step step) {
            if (stopped) {
                return;
            }
            term += step.number() % 3 == 0 ? 1 : 0;
            int from = Math.max(0, log.size() - step.number() % 4);
            List<Entry> batch = new ArrayList<>();
            for (int i = 0; i < step.size(); i++) {
                batch.add(entry(term, base + from + i + 1, "e" + term + "/" + i));
            }
            maybeState = new HardState(term, step.number(), 0);
            maybeBase = base;
            maybeLog = new ArrayList<>(batch.isEmpty() ? log : log.subList(0, from));
            maybeLog.addAll(batch);
            Counting counting = new Counting();
            journal.append(Optional.of(maybeState), batch, counting);
            settle(counting);
        }

        private void snapshot(Step step) {
            if (stopped || log.isEmpty()) {
                return;
            }
            int covered = 1 + step.number() % log.size();
            Entry last = log.get(covered - 1);
            maybeState = state;
            maybeBase = last.index();
            maybeLog = new ArrayList<>(log.subList(covered, log.size()));
            Journal.SnapshotSink sink = journal.snapshot(new SnapshotMark(last.index(), last.term(), MEMBERS));
            sink.write(Bytes.utf8("state at " + last.index()));
            Counting counting = new Counting();
            sink.commit(counting);
            settle(counting);
        }

        private void settle(Counting counting) {
            stopped = counting.failure.isPresent();
            if (counting.durable == 1) {
                state = maybeState;
                base = maybeBase;
                log = maybeLog;
            }
        }

        private void restart() throws IOException {
            disk.powerOn();
            disk.setFaults(SimDisk.Faults.NONE);
            stopped = false;
            journal = open(disk);
            Recovered found = journal.recovered();
            long foundBase = found.snapshot().map(each -> each.mark().index()).orElse(0L);
            boolean acknowledged =
                    found.hardState().equals(state) && found.entries().equals(log) && foundBase == base;
            boolean begun =
                    found.hardState().equals(maybeState) && found.entries().equals(maybeLog) && foundBase == maybeBase;
            assertThat(acknowledged || begun)
                    .as("found %s, acknowledged %s %s behind %s", found, state, log, base)
                    .isTrue();
            found.snapshot()
                    .ifPresent(each -> assertThat(each.chunks())
                            .containsExactly(
                                    Bytes.utf8("state at " + each.mark().index())));
            state = found.hardState();
            log = new ArrayList<>(found.entries());
            base = foundBase;
            maybeState = state;
            maybeLog = log;
            maybeBase = base;
        }
    }
}
