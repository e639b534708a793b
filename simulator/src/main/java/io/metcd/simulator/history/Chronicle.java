package io.metcd.simulator.history;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What each revision changed, as the first member to apply it said; every other member must say the same. Revisions
 * begin at 2, because an empty keyspace is at 1.
 */
public final class Chronicle {
    private static final int FIRST = 2;

    private final List<Change> changes = new ArrayList<>();
    private final Map<Bytes, KeyValue> live = new TreeMap<>();

    /**
     * All that one revision changed.
     *
     * @param seenAt when the first member applied it
     * @param previous of each event the pair before it, if there was one
     */
    public record Change(long seenAt, List<KeyValue> versions, List<Optional<KeyValue>> previous) {}

    /** The last revision known. */
    public long last() {
        return changes.size() + FIRST - 1L;
    }

    public Change change(long revision) {
        return changes.get((int) (revision - FIRST));
    }

    /** A member has applied these changes, of one revision or of several, in order. */
    public void applied(String member, List<Event> events, long now) {
        int from = 0;
        while (from < events.size()) {
            long revision = events.get(from).revision();
            int to = from + 1;
            while (to < events.size() && events.get(to).revision() == revision) {
                to++;
            }
            applied(member, revision, events.subList(from, to), now);
            from = to;
        }
    }

    private void applied(String member, long revision, List<Event> events, long now) {
        if (revision > last()) {
            Invariants.check(
                    revision == last() + 1,
                    "revisions: %s applies revision %s, but %s is the last known",
                    member,
                    revision,
                    last());
            record(events, now);
            return;
        }
        List<KeyValue> known = change(revision).versions;
        boolean same = known.size() == events.size();
        for (int i = 0; same && i < known.size(); i++) {
            same = known.get(i).equals(events.get(i).kv());
        }
        Invariants.check(
                same, "state machine safety: %s has %s at revision %s, others %s", member, events, revision, known);
    }

    private void record(List<Event> events, long now) {
        List<KeyValue> versions = new ArrayList<>(events.size());
        List<Optional<KeyValue>> previous = new ArrayList<>(events.size());
        for (Event event : events) {
            KeyValue kv = event.kv();
            versions.add(kv);
            KeyValue before = kv.isTombstone() ? live.remove(kv.key()) : live.put(kv.key(), kv);
            previous.add(Optional.ofNullable(before));
        }
        changes.add(new Change(now, versions, previous));
    }
}
