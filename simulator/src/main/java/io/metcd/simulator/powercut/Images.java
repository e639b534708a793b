package io.metcd.simulator.powercut;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Journal;
import io.metcd.journal.Recovered;
import io.metcd.journal.Workers;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts the power at each sync of a script: what the disk would hold must be a journal that opens, that has everything
 * acknowledged and nothing that was never written, and that can be gone on with.
 */
public final class Images {
    private static final int FAILURES_KEPT = 20;

    private final RandomSource luck;
    private final int subsets;
    private final SimDisk disk;
    private final Script script;
    private final List<String> failures = new ArrayList<>();
    private long boundaries;
    private long images;
    private long failed;
    private long cutBytes;

    private Images(long seed, int subsets, boolean lying) {
        RandomSource random = RandomSource.seeded(seed);
        this.luck = random.fork();
        this.subsets = subsets;
        this.disk = new SimDisk(random.fork());
        this.script = new Script(disk, random.fork());
        disk.onSync(this::look);
        if (lying) {
            disk.lieAboutSyncs();
        }
    }

    /**
     * What came of it.
     *
     * @param boundaries syncs at which the power was cut
     * @param images that were opened
     * @param cutBytes of unfinished batches in all of them
     * @param failures the first of them
     */
    public record Result(long boundaries, long images, long cutBytes, long failed, List<String> failures) {
        public Result {
            failures = List.copyOf(failures);
        }
    }

    /**
     * Plays a script.
     *
     * @param subsets images at each boundary with random sectors and names kept, beside the one with none of them and
     *     one where only the process died at first
     * @param lying whether the disk only says that it syncs: then images must fail, or this finds nothing
     */
    public static Result of(long seed, int operations, int subsets, boolean lying) {
        Images run = new Images(seed, subsets, lying);
        try {
            run.script.play(operations);
            run.look();
        } catch (IOException | RuntimeException e) {
            run.fail("the script itself failed: " + e);
        }
        return new Result(run.boundaries, run.images, run.cutBytes, run.failed, run.failures);
    }

    private void look() {
        boundaries++;
        List<Kept> possible = script.possible();
        for (int i = 0; i <= subsets + 1; i++) {
            SimDisk image = disk.fork(luck.fork());
            images++;
            String name = "boundary " + boundaries + " image " + i;
            try {
                if (i == 0) {
                    image.crashHard();
                } else if (i <= subsets) {
                    image.crash();
                } else {
                    killThenCut(image, name);
                }
                check(image, possible, name);
            } catch (IOException | RuntimeException e) {
                fail(name + " does not open: " + e);
            }
        }
    }

    /** Only the process dies, and the power goes when its next life has told what it found. */
    private void killThenCut(SimDisk image, String name) throws IOException {
        Recovered told = open(image).recovered();
        Kept kept = new Kept(told.hardState(), told.snapshot().map(Recovered.Snapshot::mark), told.entries());
        image.crashHard();
        if (!kept.isIn(open(image).recovered())) {
            fail(name + " loses what was recovered from it, as it was not durable");
        }
    }

    private void check(SimDisk image, List<Kept> possible, String name) throws IOException {
        DiskJournal journal = open(image);
        Recovered found = journal.recovered();
        cutBytes += found.report().cutBytes();
        Optional<Kept> here = possible.stream().filter(each -> each.isIn(found)).findFirst();
        if (here.isEmpty()) {
            fail(name + " holds " + describe(found) + ", but was acknowledged to hold " + describe(possible.get(0))
                    + " and " + (possible.size() - 1) + " operations were begun since");
            return;
        }
        HardState state = new HardState(1_000, 1, here.get().base());
        Entry entry = new Entry(1_000, here.get().last() + 1, Entry.Kind.NOOP, Bytes.EMPTY);
        Kept next = here.get().with(Optional.of(state), List.of(entry));
        boolean[] durable = new boolean[1];
        journal.append(Optional.of(state), List.of(entry), new Journal.Completion() {
            @Override
            public void durable() {
                durable[0] = true;
            }

            @Override
            public void failed(IOException cause) {}
        });
        image.crashHard();
        if (!durable[0] || !next.isIn(open(image).recovered())) {
            fail(name + " cannot be gone on with");
        }
    }

    private DiskJournal open(SimDisk image) throws IOException {
        return DiskJournal.open(
                image, Script.LABEL, new DiskJournal.Setup(Script.LIMITS, Clock.system(), luck.fork(), Workers.INLINE));
    }

    private void fail(String text) {
        failed++;
        if (failures.size() < FAILURES_KEPT) {
            failures.add(text);
        }
    }

    private static String describe(Recovered found) {
        return describe(new Kept(found.hardState(), found.snapshot().map(Recovered.Snapshot::mark), found.entries()));
    }

    private static String describe(Kept kept) {
        return kept.hardState() + ", a snapshot at " + kept.base() + " and entries to " + kept.last();
    }
}
