package io.metcd.testkit.disk;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;

/** One file of a {@link SimDisk}: what a reader sees, what is on the platter, and which sectors differ. */
final class SimFile implements Disk.File {
    private final SimDisk disk;
    private byte[] seen = new byte[0];
    private int length;
    private byte[] synced = new byte[0];
    private int syncedLength;
    private final TreeSet<Integer> dirty = new TreeSet<>();

    SimFile(SimDisk disk) {
        this.disk = disk;
    }

    SimFile fork(SimDisk other) {
        SimFile fork = new SimFile(other);
        fork.seen = Arrays.copyOf(seen, length);
        fork.length = length;
        fork.synced = Arrays.copyOf(synced, syncedLength);
        fork.syncedLength = syncedLength;
        fork.dirty.addAll(dirty);
        return fork;
    }

    int length() {
        return length;
    }

    /** That is on the platter, and was not cut off since. */
    int syncedLength() {
        return Math.min(length, syncedLength);
    }

    Bytes seen(int from, int to) {
        return Bytes.wrap(Arrays.copyOfRange(seen, from, to));
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public Bytes read(long position, int size) throws IOException {
        disk.failSometimes(disk.faults().readFailure(), "read failed");
        int from = (int) Math.min(position, length);
        return seen(from, (int) Math.min(length, (long) from + size));
    }

    @Override
    public void write(long position, Bytes bytes) throws IOException {
        int from = Math.toIntExact(position);
        int to = from + bytes.size();
        if (to > length) {
            grow(to);
        }
        int fits = Math.max(0, Math.min(to, length) - from);
        bytes.slice(0, Math.min(fits, bytes.size())).copyTo(seen, from);
        markDirty(from, from + fits);
        disk.call();
        if (fits < bytes.size()) {
            throw new Disk.NoSpace("no space left on the simulated disk");
        }
    }

    @Override
    public void truncate(long size) throws IOException {
        disk.call();
        int to = Math.toIntExact(Math.min(size, length));
        disk.release(length - to);
        markDirty(to, length);
        Arrays.fill(seen, to, length, (byte) 0);
        length = to;
    }

    /** After a failure the pages count as clean although they never reached the platter, as Linux does it. */
    @Override
    public void sync() throws IOException {
        disk.call();
        disk.beforeSync();
        try {
            disk.failSometimes(disk.faults().syncFailure(), "sync failed");
        } catch (IOException failed) {
            dirty.clear();
            throw failed;
        }
        if (disk.isLying()) {
            return;
        }
        if (synced.length < length) {
            synced = Arrays.copyOf(synced, seen.length);
        }
        int sector = disk.sectorBytes();
        for (int number : dirty) {
            int from = number * sector;
            int to = Math.min(from + sector, seen.length);
            if (to > from) {
                System.arraycopy(seen, from, synced, from, to - from);
            }
        }
        syncedLength = length;
        dirty.clear();
        disk.synced();
    }

    @Override
    public void close() {}

    /** Every dirty sector is kept, lost, or torn; the length is the old, the new, or one between. */
    void crash() {
        RandomSource random = disk.random();
        int sector = disk.sectorBytes();
        int lengthAfter = dirty.isEmpty()
                ? syncedLength
                : (int) random.between(Math.min(syncedLength, length), Math.max(syncedLength, length));
        byte[] after = Arrays.copyOf(Arrays.copyOf(synced, Math.min(syncedLength, lengthAfter)), lengthAfter);
        for (int number : dirty) {
            int from = number * sector;
            int to = Math.min(from + sector, Math.min(lengthAfter, length));
            int kept = switch (random.nextInt(3)) {
                case 0 -> 0;
                case 1 -> sector;
                default -> random.nextInt(sector);
            };
            int end = Math.min(to, from + kept);
            if (end > from) {
                System.arraycopy(seen, from, after, from, end - from);
            }
        }
        become(Bytes.wrap(after));
    }

    /** No dirty sector is kept. */
    void crashHard() {
        become(Bytes.wrap(Arrays.copyOf(synced, syncedLength)));
    }

    void flip(long bit) {
        int at = (int) (bit / 8);
        seen[at] ^= (byte) (1 << bit % 8);
        synced[at] ^= (byte) (1 << bit % 8);
    }

    /** The content, durably. */
    void become(Bytes content) {
        dirty.clear();
        seen = content.toArray();
        length = seen.length;
        synced = seen.clone();
        syncedLength = length;
    }

    /** Up to a length, or as far as there is room. */
    private void grow(int to) {
        int reached = length + (int) disk.reserve(to - length);
        if (reached > seen.length) {
            seen = Arrays.copyOf(seen, Math.max(reached, seen.length * 2));
        }
        markDirty(length, reached);
        length = reached;
    }

    private void markDirty(int from, int to) {
        int sector = disk.sectorBytes();
        for (int number = from / sector; number * sector < to; number++) {
            dirty.add(number);
        }
    }
}
