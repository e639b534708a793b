package io.metcd.simulator.world;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk that survives its process. What was written and not synced is, at a crash, decided sector by sector: kept,
 * lost, or torn in the middle; of the directory's changes since its last sync, a prefix is kept.
 */
public final class SimDisk implements Disk {
    private final RandomSource random;
    private final Map<String, SimFile> names = new TreeMap<>();
    private Map<String, SimFile> syncedNames = new TreeMap<>();
    private final List<Map<String, SimFile>> unsyncedStates = new ArrayList<>();
    private Faults faults = Faults.NONE;
    private long usedBytes;

    public SimDisk(RandomSource random) {
        this.random = random;
    }

    /**
     * What goes wrong.
     *
     * @param syncFailure probability that a sync fails, and loses what it should have kept
     * @param readFailure probability that a read fails
     * @param capacityBytes beyond which a write is refused
     */
    public record Faults(double syncFailure, double readFailure, long capacityBytes) {
        public static final Faults NONE = new Faults(0, 0, Long.MAX_VALUE);
    }

    public void setFaults(Faults next) {
        faults = next;
    }

    /** The machine loses its power, or its process dies before anything more is written. */
    public void crash() {
        int kept = random.nextInt(unsyncedStates.size() + 1);
        Map<String, SimFile> after = kept == 0 ? syncedNames : unsyncedStates.get(kept - 1);
        names.clear();
        names.putAll(after);
        syncedNames = new TreeMap<>(names);
        unsyncedStates.clear();
        names.values().forEach(SimFile::crash);
        usedBytes = names.values().stream().mapToLong(SimFile::length).sum();
    }

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public File open(String name) {
        SimFile file = names.get(name);
        if (file == null) {
            file = new SimFile(this);
            names.put(name, file);
            directoryChanged();
        }
        return file;
    }

    @Override
    public void delete(String name) throws IOException {
        SimFile file = names.remove(name);
        if (file == null) {
            throw new IOException("no such file: " + name);
        }
        usedBytes -= file.length();
        directoryChanged();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        SimFile file = names.remove(from);
        if (file == null) {
            throw new IOException("no such file: " + from);
        }
        SimFile replaced = names.put(to, file);
        usedBytes -= replaced == null ? 0 : replaced.length();
        directoryChanged();
    }

    @Override
    public void syncDirectory() throws IOException {
        failSometimes(faults.syncFailure, "directory sync failed");
        syncedNames = new TreeMap<>(names);
        unsyncedStates.clear();
    }

    RandomSource random() {
        return random;
    }

    Faults faults() {
        return faults;
    }

    void failSometimes(double probability, String text) throws IOException {
        if (probability > 0 && random.chance(probability)) {
            throw new IOException(text);
        }
    }

    void reserve(long bytes) throws IOException {
        if (usedBytes + bytes > faults.capacityBytes) {
            throw new IOException("no space left on device");
        }
        usedBytes += bytes;
    }

    void release(long bytes) {
        usedBytes -= bytes;
    }

    Bytes page(byte[] content, int from, int to) {
        return Bytes.copyOf(Arrays.copyOfRange(content, from, to));
    }

    private void directoryChanged() {
        unsyncedStates.add(new TreeMap<>(names));
    }
}
