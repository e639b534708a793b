package io.metcd.simulator.cluster;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Limits;
import io.metcd.journal.Workers;
import io.metcd.simulator.world.EventQueue;
import io.metcd.simulator.world.SimNetwork;
import io.metcd.simulator.world.SimProcess;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * What one host keeps over its lives, and the journal that the present one writes there. Writes take virtual time; a
 * crash comes before, after, or in the middle of those that are under way.
 */
final class HostDisk {
    private static final Limits LIMITS = Limits.SMALL.withSegmentBytes(128 * 1024);
    /** Calls of the disk that a dying process may still make. */
    private static final int LAST_CALLS_MAX = 12;

    private final SimDisk disk;
    private final RandomSource random;
    private final Bytes label;
    private Optional<Worker> log = Optional.empty();
    private Optional<Worker> background = Optional.empty();

    HostDisk(RandomSource random, String name) {
        this.random = random;
        this.disk = new SimDisk(random.fork());
        this.label = Bytes.utf8(name);
    }

    /** Opens the journal for a life. */
    DiskJournal open(EventQueue queue, SimProcess process, LongSupplier latency) {
        Worker logWorker = new Worker(queue, process, latency);
        Worker backgroundWorker = new Worker(queue, process, latency);
        log = Optional.of(logWorker);
        background = Optional.of(backgroundWorker);
        try {
            return DiskJournal.open(
                    disk,
                    label,
                    new DiskJournal.Setup(
                            LIMITS, process.clock(), random.fork(), new Workers(logWorker, backgroundWorker)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SimDisk disk() {
        return disk;
    }

    /** The life has ended: by the end of its process, which keeps what it wrote, or of its machine, which may not. */
    void crash(SimNetwork.Death death) {
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
