package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** What one member's disk holds at a moment: a hard state, where the snapshot ends, and the log behind it. */
public final class Platter {
    private HardState hardState = HardState.EMPTY;
    private long snapshotIndex;
    private long snapshotTerm;
    private Optional<Configuration> configuration = Optional.empty();
    private List<Entry> entries = new ArrayList<>();

    public HardState hardState() {
        return hardState;
    }

    public long snapshotIndex() {
        return snapshotIndex;
    }

    public long snapshotTerm() {
        return snapshotTerm;
    }

    /** As of the snapshot; empty when there is none. */
    public Optional<Configuration> configuration() {
        return configuration;
    }

    /** The log behind the snapshot. */
    public List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    public long last() {
        return snapshotIndex + entries.size();
    }

    /** Whether the entry is here, or in the snapshot. */
    public boolean holds(long index, long term) {
        return index <= snapshotIndex || (index <= last() && entry(index).term() == term);
    }

    public void keep(HardState state) {
        hardState = state;
    }

    /** Entries replace whatever is at their indexes and behind. */
    public void keep(List<Entry> appended) {
        for (Entry entry : appended) {
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

    /** A snapshot holds the state up to the index; the log behind it stays only if it goes on from it. */
    public void install(long index, long term, Configuration asOf) {
        if (index <= snapshotIndex) {
            return;
        }
        entries = index < last() && holds(index, term)
                ? new ArrayList<>(entries.subList((int) (index - snapshotIndex), entries.size()))
                : new ArrayList<>();
        snapshotIndex = index;
        snapshotTerm = term;
        configuration = Optional.of(asOf);
    }

    private Entry entry(long index) {
        return entries.get((int) (index - snapshotIndex - 1));
    }
}
