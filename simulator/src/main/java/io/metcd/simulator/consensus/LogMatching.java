package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import java.util.HashMap;
import java.util.Map;

/**
 * If two logs have an entry with the same index and term, they are identical up to it (Raft paper, figure 3). Checked
 * by induction: whoever appends an entry (index, term) must append the same content behind the same previous term.
 */
final class LogMatching {
    private final Map<Place, Entry> entries = new HashMap<>();

    private record Place(long index, long term) {}

    private record Entry(long previousTerm, long hash) {}

    void appended(long index, long term, long previousTerm, long hash) {
        Entry entry = new Entry(previousTerm, hash);
        Entry known = entries.putIfAbsent(new Place(index, term), entry);
        Invariants.check(
                known == null || known.equals(entry),
                "log matching: entry %s of term %s is %s here and %s elsewhere",
                index,
                term,
                entry,
                known);
    }
}
