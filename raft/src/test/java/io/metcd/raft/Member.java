package io.metcd.raft;

import io.metcd.base.RandomSource;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A member with a disk and a state machine, driven as {@link Raft} says. Shared by the transcripts and the random
 * network. The disk writes in order; a crash loses what it has not written.
 */
final class Member {
    final long id;
    private final RaftConfig config;
    private final RandomSource random;

    /** On disk. */
    private HardState hardState;

    private final List<Entry> disk;
    private long snapshotIndex;
    private long snapshotTerm;
    private Configuration snapshotConfiguration;

    /** Handed to the disk, not yet written. */
    private final ArrayDeque<Ready> writes = new ArrayDeque<>();

    /** The state machine: the entries applied, in order, from index 1; survives a crash as a snapshot would. */
    final List<Entry> applied = new ArrayList<>();

    Raft raft;

    Member(RaftConfig config, RaftStart start, RandomSource random) {
        this.id = config.self();
        this.config = config;
        this.random = random;
        this.hardState = start.hardState();
        this.disk = new ArrayList<>(start.entries());
        this.snapshotIndex = start.snapshotIndex();
        this.snapshotTerm = start.snapshotTerm();
        this.snapshotConfiguration = start.configuration().orElse(config.initial());
        this.raft = new Raft(config, start, random.fork());
    }

    /** Forgets what is not on disk, and starts again. */
    void restart() {
        writes.clear();
        while (applied.size() > snapshotIndex) {
            applied.remove(applied.size() - 1);
        }
        raft = new Raft(
                config,
                new RaftStart(hardState, snapshotIndex, snapshotTerm, Optional.of(snapshotConfiguration), disk),
                random.fork());
    }

    /** Begins to write; the Ready's later messages wait for {@link #written()}. */
    void write(Ready ready) {
        if (ready.durable().isPresent()) {
            writes.add(ready);
        }
    }

    boolean isWriting() {
        return !writes.isEmpty();
    }

    /** The oldest write is complete. */
    Ready written() {
        Ready ready = writes.remove();
        ready.hardState().ifPresent(state -> hardState = state);
        for (Entry entry : ready.append()) {
            while (!disk.isEmpty() && disk.get(disk.size() - 1).index() >= entry.index()) {
                disk.remove(disk.size() - 1);
            }
            disk.add(entry);
        }
        raft.advance(ready.durable().orElseThrow());
        return ready;
    }

    void apply(List<Entry> committed) {
        if (!committed.isEmpty()) {
            applied.addAll(committed);
            raft.advance(new Applied(committed.get(committed.size() - 1).index()));
        }
    }

    /** The state machine's state, up to an index, goes to disk; the log in front of it goes away. */
    void compact(long index) {
        snapshotConfiguration = raft.configurationAt(index);
        snapshotTerm = raft.log().termAt(index);
        snapshotIndex = index;
        disk.removeIf(entry -> entry.index() <= index);
        raft.compact(index);
    }

    /** Takes another member's state. */
    void install(Member from) {
        RaftStatus source = from.raft.status();
        if (source.applied() <= raft.status().applied()) {
            return;
        }
        applied.clear();
        applied.addAll(from.applied);
        snapshotIndex = source.applied();
        snapshotTerm = from.raft.log().termAt(snapshotIndex);
        snapshotConfiguration = from.raft.configurationAt(snapshotIndex);
        boolean continues = disk.stream().anyMatch(e -> e.index() == snapshotIndex && e.term() == snapshotTerm);
        disk.removeIf(entry -> !continues || entry.index() <= snapshotIndex);
        raft.advance(new SnapshotInstalled(snapshotIndex, snapshotTerm, snapshotConfiguration));
    }

    HardState hardState() {
        return hardState;
    }

    /** What would survive a crash now. */
    boolean hasOnDisk(long index, long term) {
        return index <= snapshotIndex
                || disk.stream().anyMatch(entry -> entry.index() == index && entry.term() == term);
    }

    long lastOnDisk() {
        return disk.isEmpty() ? snapshotIndex : disk.get(disk.size() - 1).index();
    }
}
