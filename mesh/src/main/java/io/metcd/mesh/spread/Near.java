package io.metcd.mesh.spread;

import io.metcd.mesh.PeerId;
import io.metcd.mesh.gossip.Allowance;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One neighbour: what it is known to hold, and what it is owed. */
final class Near {
    final PeerId id;
    /** How much it may still ask for. */
    final Allowance answers;

    private final Map<Long, Words.Entry> has = new TreeMap<>();
    /** Whether it may not know of something that is held here. */
    boolean untold = true;

    long tellNanos;
    int tellings;
    long deafUntilNanos;

    Near(PeerId id, Allowance answers, long tellNanos) {
        this.id = id;
        this.answers = answers;
        this.tellNanos = tellNanos;
        this.deafUntilNanos = tellNanos;
    }

    /** It holds so much, or more. */
    void holds(Words.Entry entry) {
        if (has.size() < Words.ENTRIES_MAX || has.containsKey(entry.series())) {
            has.merge(entry.series(), entry, (old, now) -> now.next() >= old.next() ? now : old);
        }
    }

    /** The first item that it is not known to hold. */
    long next(long series) {
        Words.Entry entry = has.get(series);
        return entry == null ? 0 : entry.next();
    }

    /** The oldest item that it can be asked for. */
    long low(long series) {
        Words.Entry entry = has.get(series);
        return entry == null ? 0 : entry.low();
    }

    void forget(long series) {
        has.remove(series);
    }

    List<Long> known() {
        return List.copyOf(has.keySet());
    }
}
