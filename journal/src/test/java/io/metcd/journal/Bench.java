package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.segment.RecordCodec;
import io.metcd.journal.segment.Scan;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** A journal whose threads run when the test says so, with a clock that the test sets. */
final class Bench {
    static final Bytes LABEL = Bytes.utf8("orders/a");
    private static final Configuration MEMBERS = Configuration.of(1, 2, 3);

    final SimDisk disk = new SimDisk(RandomSource.seeded(1));
    final Tasks log = new Tasks();
    final Tasks background = new Tasks();
    /** What was acknowledged, and what went wrong, in order. */
    final List<String> heard = new ArrayList<>();

    private final Limits limits;
    private long nanos;
    private Optional<DiskJournal> journal = Optional.empty();

    /** A thread that stands still until it is told to run. */
    static final class Tasks implements Executor {
        private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            waiting.add(task);
        }

        void runOne() {
            waiting.remove().run();
        }

        void run() {
            while (!waiting.isEmpty()) {
                runOne();
            }
        }

        boolean isIdle() {
            return waiting.isEmpty();
        }
    }

    Bench(Limits limits) {
        this.limits = limits;
    }

    DiskJournal open() throws IOException {
        Clock clock = new Clock() {
            @Override
            public long nanos() {
                return nanos;
            }

            @Override
            public long wallMillis() {
                return 0;
            }
        };
        DiskJournal.Setup setup =
                new DiskJournal.Setup(limits, clock, RandomSource.seeded(7), new Workers(log, background));
        DiskJournal opened = DiskJournal.open(disk, LABEL, setup);
        journal = Optional.of(opened);
        return opened;
    }

    DiskJournal journal() {
        return journal.orElseThrow();
    }

    void pass(long seconds) {
        nanos += seconds * 1_000_000_000L;
    }

    /** Both threads, until nothing is left to do. */
    void run() {
        while (!log.isIdle() || !background.isIdle()) {
            log.run();
            background.run();
        }
    }

    void append(long index, int bytes) {
        Entry entry = new Entry(1, index, Entry.Kind.COMMAND, Bytes.wrap(new byte[bytes]));
        journal().append(Optional.of(new HardState(1, 1, index - 1)), List.of(entry), hears("" + index));
    }

    void appendNothing(String name) {
        journal().append(Optional.empty(), List.of(), hears(name));
    }

    void snapshot(long index, int bytes) {
        Journal.SnapshotSink sink = journal().snapshot(new SnapshotMark(index, 1, MEMBERS));
        sink.write(Bytes.wrap(new byte[bytes]));
        sink.commit(hears("snapshot " + index));
    }

    private Journal.Completion hears(String name) {
        return new Journal.Completion() {
            @Override
            public void durable() {
                heard.add(name);
            }

            @Override
            public void failed(IOException cause) {
                heard.add(name + " failed: " + cause.getMessage());
            }

            @Override
            public void noSpace() {
                heard.add(name + " found no room");
            }
        };
    }

    /** As when the power was cut before what stands behind the last record reached the disk. */
    static void takeVoucher(SimDisk disk, String segment) {
        byte[] content = disk.get(segment).toArray();
        int end = content.length;
        while (content[end - 1] == 0) {
            end--;
        }
        int at = (end - 1) / Scan.SECTOR_BYTES * Scan.SECTOR_BYTES;
        Arrays.fill(content, at, at + RecordCodec.HEADER_BYTES, (byte) 0);
        disk.put(segment, Bytes.wrap(content));
    }
}
