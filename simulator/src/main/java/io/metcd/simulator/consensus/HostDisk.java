package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.RaftStart;
import io.metcd.raft.Ready;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one host keeps over a crash: a hard state, a snapshot, and the log behind it. Writes complete in their order,
 * each whole or not at all: half of one could hold a commit index without the entries that it speaks of. A crash keeps
 * a prefix of those under way.
 */
final class HostDisk {
    private final Configuration configuration;
    private final ArrayDeque<Ready> writing = new ArrayDeque<>();
    private HardState hardState = HardState.EMPTY;
    private long snapshotIndex;
    private long snapshotTerm;
    private List<Entry> entries = new ArrayList<>();

    HostDisk(Configuration configuration) {
        this.configuration = configuration;
    }

    HardState hardState() {
        return hardState;
    }

    long snapshotIndex() {
        return snapshotIndex;
    }

    long last() {
        return snapshotIndex + entries.size();
    }

    boolean idle() {
        return writing.isEmpty();
    }

    /** Whether the entry is here, or in the snapshot. */
    boolean holds(long index, long term) {
        return index <= snapshotIndex || (index <= last() && entry(index).term() == term);
    }

    /** Begins a write. */
    void write(Ready ready) {
        writing.addLast(ready);
    }

    /** The oldest write is complete. */
    Ready complete() {
        Ready ready = writing.removeFirst();
        keep(ready);
        return ready;
    }

    /** The state machine's state up to the index is durable elsewhere: its entries may go. */
    void snapshot(long index, long term) {
        if (index <= snapshotIndex) {
            return;
        }
        entries = index >= last()
                ? new ArrayList<>()
                : new ArrayList<>(entries.subList((int) (index - snapshotIndex), entries.size()));
        snapshotIndex = index;
        snapshotTerm = term;
    }

    /** Another member's state replaces this one's; the log behind it stays only if it goes on from it. */
    void install(long index, long term) {
        Invariants.check(idle(), "a snapshot is installed beside a write");
        if (!holds(index, term)) {
            entries = new ArrayList<>();
            snapshotIndex = index;
            snapshotTerm = term;
        }
        snapshot(index, term);
    }

    void crash(RandomSource random) {
        int kept = random.nextInt(writing.size() + 1);
        for (int i = 0; i < kept; i++) {
            complete();
        }
        writing.clear();
    }

    RaftStart start() {
        Optional<Configuration> known = snapshotIndex == 0 ? Optional.empty() : Optional.of(configuration);
        return new RaftStart(hardState, snapshotIndex, snapshotTerm, known, entries);
    }

    private void keep(Ready ready) {
        ready.hardState().ifPresent(state -> hardState = state);
        for (Entry entry : ready.append()) {
            if (entry.index() <= snapshotIndex) {
                continue;
            }
            Invariants.check(entry.index() <= last() + 1, "entry %s is written behind %s", entry.index(), last());
            int place = (int) (entry.index() - snapshotIndex - 1);
            if (place < entries.size()) {
                entries.subList(place, entries.size()).clear();
            }
            entries.add(entry);
        }
    }

    private Entry entry(long index) {
        return entries.get((int) (index - snapshotIndex - 1));
    }
}
