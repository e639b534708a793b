package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.TreeSet;

/** One file of a {@link SimDisk}: what a reader sees, what is on the platter, and which sectors differ. */
final class SimFile implements Disk.File {
    static final int SECTOR = 512;

    private final SimDisk disk;
    private byte[] seen = new byte[0];
    private int length;
    private byte[] synced = new byte[0];
    private int syncedLength;
    private final TreeSet<Integer> dirty = new TreeSet<>();

    SimFile(SimDisk disk) {
        this.disk = disk;
    }

    int length() {
        return length;
    }

    @Override
    public long size() {
        return length;
    }

    @Override
    public Bytes read(long position, int size) throws IOException {
        disk.failSometimes(disk.faults().readFailure(), "read failed");
        int from = (int) Math.min(position, length);
        return disk.page(seen, from, Math.min(length, from + size));
    }

    @Override
    public void write(long position, Bytes bytes) throws IOException {
        int from = Math.toIntExact(position);
        int to = from + bytes.size();
        if (to > length) {
            disk.reserve(to - length);
            if (to > seen.length) {
                seen = Arrays.copyOf(seen, Math.max(to, seen.length * 2));
            }
            markDirty(length, to);
            length = to;
        }
        bytes.copyTo(seen, from);
        markDirty(from, to);
    }

    @Override
    public void truncate(long size) {
        int to = Math.toIntExact(Math.min(size, length));
        disk.release(length - to);
        markDirty(to, length);
        Arrays.fill(seen, to, length, (byte) 0);
        length = to;
    }

    /** After a failure the pages count as clean although they never reached the platter, as Linux does it. */
    @Override
    public void sync() throws IOException {
        try {
            disk.failSometimes(disk.faults().syncFailure(), "sync failed");
        } catch (IOException failed) {
            dirty.clear();
            throw failed;
        }
        if (synced.length < length) {
            synced = Arrays.copyOf(synced, seen.length);
        }
        for (int sector : dirty) {
            int from = sector * SECTOR;
            int to = Math.min(from + SECTOR, seen.length);
            if (to > from) {
                System.arraycopy(seen, from, synced, from, to - from);
            }
        }
        syncedLength = length;
        dirty.clear();
    }

    @Override
    public void close() {}

    /** Every dirty sector is kept, lost, or torn; the length is the old, the new, or one between. */
    void crash() {
        RandomSource random = disk.random();
        int lengthAfter = dirty.isEmpty()
                ? syncedLength
                : (int) random.between(Math.min(syncedLength, length), Math.max(syncedLength, length));
        byte[] after = Arrays.copyOf(Arrays.copyOf(synced, Math.min(syncedLength, lengthAfter)), lengthAfter);
        for (int sector : dirty) {
            int from = sector * SECTOR;
            int to = Math.min(from + SECTOR, Math.min(lengthAfter, length));
            int kept = switch (random.nextInt(3)) {
                case 0 -> 0;
                case 1 -> SECTOR;
                default -> random.nextInt(SECTOR);
            };
            int end = Math.min(to, from + kept);
            if (end > from) {
                System.arraycopy(seen, from, after, from, end - from);
            }
        }
        dirty.clear();
        seen = after;
        length = after.length;
        synced = after.clone();
        syncedLength = length;
    }

    private void markDirty(int from, int to) {
        for (int sector = from / SECTOR; sector * SECTOR < to; sector++) {
            dirty.add(sector);
        }
    }
}
