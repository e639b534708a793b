package io.metcd.simulator.cluster;

import io.metcd.base.Clock;
import io.metcd.base.Disk;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.journal.DataDirectory;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Limits;
import io.metcd.journal.Recovered;
import io.metcd.journal.Workers;
import io.metcd.node.IdentityStore;
import io.metcd.node.MemberFile;
import io.metcd.node.MemberPapers;
import io.metcd.raft.Entry;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What one host keeps over its lives, and the journal that the present one writes there. Writes take virtual time; a
 * crash comes before, after, or in the middle of those that are under way.
 */
public final class HostDisk {
    private static final Limits LIMITS = Limits.SMALL.withSegmentBytes(128 * 1024);
    /** Calls of the disk that a dying process may still make. */
    private static final int LAST_CALLS_MAX = 12;

    private static final int LABEL_BYTES = 16;

    private final SimDisk disk;
    private final RandomSource random;
    private final String cluster;
    /** What must be found, or refused, after something has rotted. */
    private Optional<Recovered> sound = Optional.empty();

    private Optional<Worker> log = Optional.empty();
    private Optional<Worker> background = Optional.empty();

    public HostDisk(RandomSource random, String cluster) {
        this.random = random;
        this.disk = new SimDisk(random.fork());
        this.cluster = cluster;
    }

    /** What a life finds in its directory. */
    public record Opened(DiskJournal journal, IdentityStore papers, long incarnation) {}

    /**
     * Opens the directory for a life, in the order in which a real member does.
     *
     * @throws IOException if it is refused
     */
    public Opened open(EventQueue queue, SimProcess process, LongSupplier latency) throws IOException {
        Worker logWorker = new Worker(queue, process, latency);
        Worker backgroundWorker = new Worker(queue, process, latency);
        log = Optional.of(logWorker);
        background = Optional.of(backgroundWorker);
        DataDirectory directory = directory();
        MemberPapers papers = new MemberPapers(directory, new MemberFile(disk));
        papers.mustAgree();
        long incarnation = directory.nextIncarnation();
        DiskJournal journal = directory.journal(new DiskJournal.Setup(
                LIMITS, process.clock(), random.fork(), new Workers(logWorker, backgroundWorker)));
        sound.ifPresent(before -> mustHold(before, journal.recovered()));
        sound = Optional.empty();
        return new Opened(journal, papers, incarnation);
    }

    /**
     * Something on the disk of a stopped member is not as it was written. It was started and stopped once more before,
     * so that nothing there can be taken for unfinished.
     *
     * @return what, in words; empty if nothing was done because the disk is full
     */
    Optional<String> rot() {
        try (DiskJournal journal =
                directory().journal(new DiskJournal.Setup(LIMITS, Clock.system(), random.fork(), Workers.INLINE))) {
            sound = Optional.of(journal.recovered());
        } catch (Disk.NoSpace full) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("nothing has rotted yet", e);
        }
        return Optional.of(new Rot(disk, random).strike());
    }

    private DataDirectory directory() throws IOException {
        return DataDirectory.open(disk, cluster, () -> random.bytes(LABEL_BYTES));
    }

    /** A log that is not as it was is refused; it is never a shorter one, or another. */
    private static void mustHold(Recovered before, Recovered now) {
        long from = Math.max(base(before), base(now));
        Invariants.check(
                before.hardState().equals(now.hardState())
                        && last(before) == last(now)
                        && behind(before, from).equals(behind(now, from)),
                "rot: the directory held %s and entries to %s, and what opens holds %s and entries to %s",
                before.hardState(),
                last(before),
                now.hardState(),
                last(now));
    }

    private static long base(Recovered found) {
        return found.snapshot().map(each -> each.mark().index()).orElse(0L);
    }

    private static long last(Recovered found) {
        return base(found) + found.entries().size();
    }

    private static List<Entry> behind(Recovered found, long index) {
        return found.entries()
                .subList((int) (index - base(found)), found.entries().size());
    }

    public SimDisk disk() {
        return disk;
    }

    /** The life has ended: by the end of its process, which keeps what it wrote, or of its machine, which may not. */
    public void crash(SimNetwork.Death death) {
        if (random.chance(0.5)) {
            disk.cutAfter(random.nextInt(LAST_CALLS_MAX));
            log.ifPresent(Worker::hurry);
            background.ifPresent(Worker::hurry);
        }
        log.ifPresent(Worker::end);
        background.ifPresent(Worker::end);
        if (death == SimNetwork.Death.MACHINE) {
            disk.crash();
        } else {
            disk.powerOn();
        }
    }

    /** One thread of a journal: tasks take their time, one after another. */
    private static final class Worker implements Executor {
        private final EventQueue queue;
        private final SimProcess process;
        private final LongSupplier latency;
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private long lastDue;
        private boolean ended;

        Worker(EventQueue queue, SimProcess process, LongSupplier latency) {
            this.queue = queue;
            this.process = process;
            this.latency = latency;
        }

        @Override
        public void execute(Runnable task) {
            if (ended) {
                return;
            }
            long delay = process.ended() ? 1 : latency.getAsLong();
            if (delay == 0 && tasks.isEmpty()) {
                task.run();
                return;
            }
            tasks.addLast(task);
            lastDue = Math.max(lastDue, queue.now() + delay);
            queue.at(lastDue, process, () -> tasks.removeFirst().run());
        }

        /** Does what waits at once. */
        void hurry() {
            while (!tasks.isEmpty()) {
                tasks.removeFirst().run();
            }
        }

        void end() {
            ended = true;
            tasks.clear();
        }
    }
}
