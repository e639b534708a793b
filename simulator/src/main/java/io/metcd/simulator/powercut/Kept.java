package io.metcd.simulator.powercut;

import io.metcd.base.Bytes;
import io.metcd.journal.Recovered;
import io.metcd.journal.SnapshotMark;
import io.metcd.raft.Entry;
import io.metcd.raft.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a journal holds, as a model of it: nothing here knows of files. */
record Kept(HardState hardState, Optional<SnapshotMark> mark, List<Entry> entries) {
    static final Kept NOTHING = new Kept(HardState.EMPTY, Optional.empty(), List.of());

    Kept {
        entries = List.copyOf(entries);
    }

    long base() {
        return mark.map(SnapshotMark::index).orElse(0L);
    }

    long last() {
        return base() + entries.size();
    }

    Kept with(Optional<HardState> state, List<Entry> appended) {
        List<Entry> log = new ArrayList<>(entries);
        for (Entry entry : appended) {
            int place = (int) (entry.index() - base() - 1);
            log.subList(place, log.size()).clear();
            log.add(entry);
        }
        return new Kept(state.orElse(hardState), mark, log);
    }

    Kept with(SnapshotMark snapshot) {
        int place = (int) (snapshot.index() - base());
        boolean continues = snapshot.index() <= last() && term(snapshot.index()) == snapshot.term();
        return new Kept(
                hardState, Optional.of(snapshot), continues ? entries.subList(place, entries.size()) : List.of());
    }

    long term(long index) {
        return index == base()
                ? mark.map(SnapshotMark::term).orElse(0L)
                : entries.get((int) (index - base() - 1)).term();
    }

    /** What the pieces of a snapshot say. */
    static List<Bytes> pieces(SnapshotMark mark) {
        List<Bytes> pieces = new ArrayList<>();
        for (int i = 0; i < 1 + mark.index() % 4; i++) {
            pieces.add(Bytes.utf8(("state at " + mark.index() + "/" + mark.term() + ", piece " + i + ". ").repeat(40)));
        }
        return pieces;
    }

    boolean isIn(Recovered found) {
        boolean same = found.hardState().equals(hardState)
                && found.entries().equals(entries)
                && found.snapshot().map(Recovered.Snapshot::mark).equals(mark);
        if (!same || mark.isEmpty()) {
            return same;
        }
        List<Bytes> chunks = new ArrayList<>();
        found.snapshot().orElseThrow().chunks().forEach(chunk -> chunks.add(chunk.compact()));
        return chunks.equals(pieces(mark.get()));
    }
}
