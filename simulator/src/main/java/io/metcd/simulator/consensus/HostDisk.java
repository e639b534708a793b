package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.HardState;
import io.metcd.raft.RaftStart;
import io.metcd.raft.Ready;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayDeque;

/**
 * What one host keeps over a crash, and the writes under way. They complete in their order, each whole or not at all:
 * half of one could hold a commit index without the entries that it speaks of. A crash keeps a prefix of them.
 */
final class HostDisk {
    private final ArrayDeque<Ready> writing = new ArrayDeque<>();
    private final Platter platter = new Platter();

    HardState hardState() {
        return platter.hardState();
    }

    long last() {
        return platter.last();
    }

    boolean idle() {
        return writing.isEmpty();
    }

    /** Whether the entry is here, or in the snapshot. */
    boolean holds(long index, long term) {
        return platter.holds(index, term);
    }

    /** Begins a write. */
    void write(Ready ready) {
        writing.addLast(ready);
    }

    /** The oldest write is complete. */
    void complete() {
        Ready ready = writing.removeFirst();
        ready.hardState().ifPresent(platter::keep);
        platter.keep(ready.append());
    }

    /** The state machine's state up to the index, its own or another member's, is durable. */
    void snapshot(long index, long term, Configuration configuration) {
        platter.install(index, term, configuration);
    }

    /** As {@link #snapshot}, for another member's state. */
    void install(long index, long term, Configuration configuration) {
        Invariants.check(idle(), "a snapshot is installed beside a write");
        platter.install(index, term, configuration);
    }

    /** Returns how many of the writes under way were completed. */
    int crash(RandomSource random) {
        int kept = random.nextInt(writing.size() + 1);
        for (int i = 0; i < kept; i++) {
            complete();
        }
        writing.clear();
        return kept;
    }

    RaftStart start() {
        return new RaftStart(
                platter.hardState(),
                platter.snapshotIndex(),
                platter.snapshotTerm(),
                platter.configuration(),
                platter.entries());
    }
}
