package io.metcd.simulator.powercut;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.Limits;
import io.metcd.journal.SnapshotMark;
import io.metcd.journal.Workers;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A member's use of its journal: batches, several at once, over a tail, hard states alone, own snapshots, fetched ones,
 * restarts. It always knows what has been acknowledged, and what has been begun since.
 */
final class Script {
    static final Bytes LABEL = Bytes.utf8("powercut");
    /** Small, so that a run goes through many files. */
    static final Limits LIMITS = Limits.SMALL.withSegmentBytes(4096);

    private static final Configuration MEMBERS = Configuration.of(1, 2, 3);

    private final SimDisk disk;
    private final RandomSource random;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    /** What the journal holds when so many of the operations begun have arrived; the first is acknowledged. */
    private final ArrayDeque<Kept> possible = new ArrayDeque<>(List.of(Kept.NOTHING));

    private Optional<DiskJournal> journal = Optional.empty();
    private long term = 1;

    Script(SimDisk disk, RandomSource random) {
        this.disk = disk;
        this.random = random;
    }

    /** What may be found after a power cut now. */
    List<Kept> possible() {
        return List.copyOf(possible);
    }

    void play(int operations) throws IOException {
        open();
        for (int i = 0; i < operations; i++) {
            step();
            if (random.chance(0.7)) {
                work();
            }
        }
        work();
    }

    private void step() throws IOException {
        switch (random.nextInt(20)) {
            case 0 -> ownSnapshot();
            case 1 -> fetchedSnapshot();
            case 2 -> restart();
            case 3, 4 -> append(true, List.of());
            case 5, 6 -> append(random.chance(0.5), entries(newest().last() - random.nextInt(4)));
            default -> append(random.chance(0.3), entries(newest().last()));
        }
    }

    private Kept newest() {
        return possible.getLast();
    }

    /** Some entries behind an index. */
    private List<Entry> entries(long behind) {
        long from = Math.max(newest().base(), behind);
        term += random.chance(0.2) ? 1 : 0;
        List<Entry> entries = new ArrayList<>();
        for (int i = 1; i <= random.between(1, 5); i++) {
            entries.add(new Entry(
                    Math.max(term, from == newest().base() ? 1 : newest().term(from)),
                    from + i,
                    Entry.Kind.COMMAND,
                    random.bytes((int) random.between(0, 400))));
        }
        return entries;
    }

    private void append(boolean state, List<Entry> entries) {
        Optional<HardState> next =
                state ? Optional.of(new HardState(term, random.nextInt(4), newest().base())) : Optional.empty();
        begin(newest().with(next, entries));
        journal.orElseThrow().append(next, entries, acknowledge());
    }

    private void ownSnapshot() {
        Kept now = newest();
        if (now.entries().isEmpty()) {
            return;
        }
        long index = random.between(now.base() + 1, now.last());
        snapshot(new SnapshotMark(index, now.term(index), MEMBERS));
    }

    /** Of another history than the own log's end, or ahead of it. */
    private void fetchedSnapshot() {
        term++;
        long index = newest().last() + random.between(-3, 3);
        snapshot(new SnapshotMark(Math.max(newest().base() + 1, index), term, MEMBERS));
    }

    private void snapshot(SnapshotMark mark) {
        work(); // As in a member: a snapshot is installed when nothing else is under way.
        begin(newest().with(mark));
        Journal.SnapshotSink sink = journal.orElseThrow().snapshot(mark);
        Kept.pieces(mark).forEach(sink::write);
        sink.commit(acknowledge());
        work();
    }

    private void restart() throws IOException {
        work();
        journal.orElseThrow().close();
        work();
        open();
    }

    private void open() throws IOException {
        DiskJournal.Setup setup = new DiskJournal.Setup(
                LIMITS, Clock.system(), random.fork(), new Workers(tasks::addLast, tasks::addLast));
        journal = Optional.of(DiskJournal.open(disk, LABEL, setup));
    }

    private void begin(Kept next) {
        possible.addLast(next);
    }

    private Journal.Completion acknowledge() {
        return new Journal.Completion() {
            @Override
            public void durable() {
                possible.removeFirst();
            }

            @Override
            public void failed(IOException cause) {
                throw new IllegalStateException("the disk has failed", cause);
            }
        };
    }

    /** Everything that the journal has put off. */
    private void work() {
        while (!tasks.isEmpty()) {
            tasks.removeFirst().run();
        }
    }
}
