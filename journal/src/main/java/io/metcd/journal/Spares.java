package io.metcd.journal;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.journal.segment.FileHead;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Files of zeros that wait to become segments: writing over what is allocated neither fails for lack of room nor makes
 * the file system write of its own. The last of them is the log's reserve on a full disk. For two threads: one takes,
 * the other makes.
 */
final class Spares {
    private static final Bytes ZEROS = Bytes.wrap(new byte[1 << 20]);
    private static final int SYNC_BYTES = 8 << 20;
    /** What is made in haste, when none is ready, is this much smaller. */
    private static final int HASTE = 8;

    /** A file of zeros. */
    record Spare(String name, long bytes) {}

    private final Disk disk;
    private final Limits limits;
    private final Object lock = new Object();
    private final ArrayDeque<Spare> ready = new ArrayDeque<>();
    private long made;
    private boolean low;

    Spares(Disk disk, Limits limits) {
        this.disk = disk;
        this.limits = limits;
    }

    /** Of a file that is made in time. */
    int segmentBytes() {
        return limits.segmentBytes();
    }

    /** Takes what earlier runs have left. A head may stand in them that never became a segment's. */
    void adopt(List<String> files) throws IOException {
        for (String name : files) {
            Optional<Long> number = LogNames.spareNumber(name);
            if (number.isEmpty()) {
                continue;
            }
            made = Math.max(made, number.get());
            try (Disk.File file = disk.open(name)) {
                long size = file.size();
                if (size < limits.segmentBytes()) {
                    disk.delete(name);
                } else {
                    file.write(0, ZEROS.slice(0, (int) Math.min(size, 2L * FileHead.BYTES_MAX)));
                    file.sync();
                    ready.add(new Spare(name, size));
                }
            }
        }
    }

    /** Whether the disk had no room for all that should be ready. */
    boolean low() {
        synchronized (lock) {
            return low;
        }
    }

    void foundNoRoom() {
        synchronized (lock) {
            low = true;
        }
    }

    /**
     * Takes a file of at least so many bytes, and makes one if none is ready.
     *
     * @throws Disk.NoSpace if there is none, and no room for one
     */
    Spare take(long bytes) throws IOException {
        synchronized (lock) {
            if (!ready.isEmpty() && ready.peek().bytes() >= bytes) {
                return ready.remove();
            }
        }
        long hasty = Math.max(Limits.SEGMENT_BYTES_MIN, limits.segmentBytes() / HASTE);
        return make(Math.max(bytes, hasty), () -> false).orElseThrow();
    }

    /** Puts one back that was not used. */
    void putBack(Spare spare) {
        synchronized (lock) {
            ready.addFirst(spare);
        }
    }

    /** Makes what is missing, unless it is told to stop; false if there is no room. */
    boolean fill(BooleanSupplier stopped) throws IOException {
        try {
            while (!stopped.getAsBoolean() && missing()) {
                Optional<Spare> next = make(limits.segmentBytes(), stopped);
                synchronized (lock) {
                    next.ifPresent(ready::add);
                }
            }
        } catch (Disk.NoSpace full) {
            foundNoRoom();
            return false;
        }
        synchronized (lock) {
            low &= stopped.getAsBoolean();
        }
        return true;
    }

    boolean missing() {
        synchronized (lock) {
            return ready.size() < limits.segmentsReady();
        }
    }

    private Optional<Spare> make(long bytes, BooleanSupplier stopped) throws IOException {
        String name;
        synchronized (lock) {
            name = LogNames.spare(++made);
        }
        String part = LogNames.part(name);
        boolean whole = false;
        try (Disk.File file = disk.open(part)) {
            file.truncate(0);
            whole = zero(file, bytes, stopped);
        } finally {
            if (!whole) {
                disk.delete(part);
            }
        }
        if (!whole) {
            return Optional.empty();
        }
        disk.rename(part, name);
        disk.syncDirectory();
        return Optional.of(new Spare(name, bytes));
    }

    private static boolean zero(Disk.File file, long bytes, BooleanSupplier stopped) throws IOException {
        long synced = 0;
        for (long at = 0; at < bytes; ) {
            if (stopped.getAsBoolean()) {
                return false;
            }
            int size = (int) Math.min(ZEROS.size(), bytes - at);
            file.write(at, ZEROS.slice(0, size));
            at += size;
            if (at - synced >= SYNC_BYTES) {
                file.sync();
                synced = at;
            }
        }
        file.sync();
        return true;
    }
}
