package io.metcd.testkit.disk;

import io.metcd.base.Bytes;
import io.metcd.base.Disk;
import io.metcd.base.RandomSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A disk that survives its process. What was written and not synced is, at a crash, decided sector by sector: kept,
 * lost, or torn in the middle. Of the changes of the directory since its last sync each is kept or lost: all up to one
 * of them, or each by itself, as file systems differ.
 */
public final class SimDisk implements Disk {
    /** What a sector has on today's disks, and had on yesterday's. */
    private static final int[] SECTORS = {512, 4096};

    private final RandomSource random;
    private final int sectorBytes;
    private final Map<String, SimFile> names = new TreeMap<>();
    private final Map<String, SimFile> syncedNames = new TreeMap<>();
    private final List<Change> unsynced = new ArrayList<>();
    private Faults faults = Faults.NONE;
    private Runnable onSync = () -> {};
    private long usedBytes;
    private long callsLeft = Long.MAX_VALUE;
    private long syncs;
    private boolean lying;

    public SimDisk(RandomSource random) {
        this(random, SECTORS[random.nextInt(SECTORS.length)]);
    }

    private SimDisk(RandomSource random, int sectorBytes) {
        this.random = random;
        this.sectorBytes = sectorBytes;
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

    /** The power is off: nothing works any more until {@link SimDisk#crash()}, which turns it on again. */
    public static final class PowerCut extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** One change of the directory: a name that goes, a name that comes, or both at once. */
    private record Change(String gone, String come, SimFile file) {
        static final String NONE = "";

        void apply(Map<String, SimFile> to) {
            to.remove(gone);
            if (!come.equals(NONE)) {
                to.put(come, file);
            }
        }
    }

    public void setFaults(Faults next) {
        faults = next;
    }

    /** From now on it holds no more than it does. */
    public void fill() {
        faults = new Faults(faults.syncFailure, faults.readFailure, usedBytes);
    }

    /** Ends {@link #fill()}. */
    public void makeRoom() {
        faults = new Faults(faults.syncFailure, faults.readFailure, Long.MAX_VALUE);
    }

    /** Called whenever something is about to become durable, for who wants to look at what is there now. */
    public void onSync(Runnable look) {
        onSync = look;
    }

    /** Cuts the power at the call after so many that change something. */
    public void cutAfter(long calls) {
        callsLeft = calls;
    }

    /** Ends {@link #cutAfter} without a crash, as when only the process had died: nothing is lost. */
    public void powerOn() {
        callsLeft = Long.MAX_VALUE;
    }

    /** From now on a sync says that it has made durable, and has not. */
    public void lieAboutSyncs() {
        lying = true;
    }

    /** Calls of sync, of files and of the directory, that have succeeded. */
    public long syncs() {
        return syncs;
    }

    /** The machine loses its power; when this returns it has it again. */
    public void crash() {
        Map<String, SimFile> after = new TreeMap<>(syncedNames);
        boolean inOrder = random.chance(0.5);
        int kept = random.nextInt(unsynced.size() + 1);
        for (int i = 0; i < unsynced.size(); i++) {
            if (inOrder ? i < kept : random.chance(0.5)) {
                unsynced.get(i).apply(after);
            }
        }
        after.values().stream().distinct().forEach(SimFile::crash);
        settle(after);
    }

    /** As {@link #crash()}, but everything that was synced is there, and nothing else. */
    public void crashHard() {
        Map<String, SimFile> after = new TreeMap<>(syncedNames);
        after.values().forEach(SimFile::crashHard);
        settle(after);
    }

    /** The same disk once more, with what is not durable yet, to try something on. */
    public SimDisk fork(RandomSource luck) {
        SimDisk fork = new SimDisk(luck, sectorBytes);
        Map<SimFile, SimFile> copies = new LinkedHashMap<>();
        names.forEach((name, file) -> fork.names.put(name, copy(file, fork, copies)));
        syncedNames.forEach((name, file) -> fork.syncedNames.put(name, copy(file, fork, copies)));
        for (Change change : unsynced) {
            fork.unsynced.add(new Change(change.gone, change.come, copy(change.file, fork, copies)));
        }
        fork.usedBytes = usedBytes;
        return fork;
    }

    /** Flips a bit that was durable. */
    public void flip(String name, long bit) {
        file(name).flip(bit);
    }

    /** Flips some bit that was durable: a sector has rotted unseen. */
    public void rot() {
        List<String> files =
                list().stream().filter(name -> file(name).syncedLength() > 0).toList();
        if (!files.isEmpty()) {
            String name = files.get(random.nextInt(files.size()));
            flip(name, random.between(0, 8L * file(name).syncedLength() - 1));
        }
    }

    /** Makes a file be these bytes, durably. */
    public void put(String name, Bytes content) {
        SimFile file = new SimFile(this);
        file.become(content);
        names.put(name, file);
        syncedNames.put(name, file);
    }

    /** What a reader sees of a file. */
    public Bytes get(String name) {
        SimFile file = file(name);
        return file.seen(0, file.length());
    }

    /** Takes a file away, durably. */
    public void lose(String name) {
        names.remove(name);
        syncedNames.remove(name);
    }

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public File open(String name) throws IOException {
        SimFile file = names.get(name);
        if (file == null) {
            call();
            file = new SimFile(this);
            change(new Change(Change.NONE, name, file));
        }
        return file;
    }

    @Override
    public void delete(String name) throws IOException {
        call();
        SimFile file = names.get(name);
        if (file == null) {
            throw new IOException("no such file: " + name);
        }
        usedBytes -= file.length();
        change(new Change(name, Change.NONE, file));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        call();
        SimFile file = names.get(from);
        if (file == null) {
            throw new IOException("no such file: " + from);
        }
        SimFile replaced = names.get(to);
        usedBytes -= replaced == null ? 0 : replaced.length();
        change(new Change(from, to, file));
    }

    @Override
    public void syncDirectory() throws IOException {
        call();
        onSync.run();
        failSometimes(faults.syncFailure, "directory sync failed");
        if (lying) {
            return;
        }
        syncedNames.clear();
        syncedNames.putAll(names);
        unsynced.clear();
        syncs++;
    }

    RandomSource random() {
        return random;
    }

    Faults faults() {
        return faults;
    }

    int sectorBytes() {
        return sectorBytes;
    }

    /** Something is about to change. */
    void call() throws IOException {
        if (callsLeft <= 0) {
            throw new PowerCut();
        }
        callsLeft--;
    }

    void beforeSync() {
        onSync.run();
    }

    boolean isLying() {
        return lying;
    }

    void synced() {
        syncs++;
    }

    void failSometimes(double probability, String text) throws IOException {
        if (probability > 0 && random.chance(probability)) {
            throw new IOException(text);
        }
    }

    /** How many of so many more bytes there is room for; takes them. */
    long reserve(long bytes) {
        long room = Math.max(0, Math.min(bytes, faults.capacityBytes - usedBytes));
        usedBytes += room;
        return room;
    }

    void release(long bytes) {
        usedBytes -= bytes;
    }

    private void change(Change change) {
        change.apply(names);
        unsynced.add(change);
    }

    private void settle(Map<String, SimFile> after) {
        names.clear();
        names.putAll(after);
        syncedNames.clear();
        syncedNames.putAll(after);
        unsynced.clear();
        callsLeft = Long.MAX_VALUE;
        usedBytes = names.values().stream().mapToLong(SimFile::length).sum();
    }

    private static SimFile copy(SimFile file, SimDisk disk, Map<SimFile, SimFile> copies) {
        return copies.computeIfAbsent(file, original -> original.fork(disk));
    }

    private SimFile file(String name) {
        SimFile file = names.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no such file: " + name);
        }
        return file;
    }
}
