package io.metcd.simulator.history;

import io.metcd.base.Invariants;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import java.util.List;
import java.util.Optional;

/**
 * One watcher, which may move from member to member: it gets every event of its range from its start on, whole
 * revisions in order, none twice, none left out.
 */
public final class WatchCheck {
    private final String name;
    private final Chronicle chronicle;
    private final KeyRange range;
    /** Every matching event below it has come. */
    private long next;
    /** Of the revision {@code next}, how many of its events were looked at. */
    private int place;

    private long delivered;

    /** A watcher from a revision on. */
    public WatchCheck(String name, Chronicle chronicle, KeyRange range, long start) {
        this.name = name;
        this.chronicle = chronicle;
        this.range = range;
        this.next = start;
    }

    /** From where a watch that was cut off goes on. */
    public long resumeAt() {
        return next;
    }

    public long delivered() {
        return delivered;
    }

    /** A cut watch goes on: what it got of an unfinished revision comes again. */
    public void resumed() {
        place = 0;
    }

    /** The response carries these events. */
    public void events(List<Event> events, boolean previousWanted) {
        for (Event event : events) {
            delivered++;
            seekMatch(event);
            Chronicle.Change change = chronicle.change(next);
            KeyValue expected = change.versions().get(place);
            Invariants.check(expected.equals(event.kv()), "watch %s: got %s, expected %s next", name, event, expected);
            Optional<KeyValue> before = previousWanted ? change.previous().get(place) : Optional.empty();
            Invariants.check(
                    event.previous().isEmpty() || event.previous().equals(before),
                    "watch %s: %s carries another pair before it than %s",
                    name,
                    event,
                    before);
            place++;
        }
    }

    /** All events up to the revision were sent, says the server. */
    public void progress(long revision) {
        while (next <= Math.min(revision, chronicle.last())) {
            skipUnwanted();
            Invariants.check(
                    place == chronicle.change(next).versions().size(),
                    "watch %s: progress to %s, but an event of %s is missing",
                    name,
                    revision,
                    next);
            next++;
            place = 0;
        }
        next = Math.max(next, revision + 1);
    }

    /** Whether everything up to the chronicle's end has come. */
    public boolean isComplete() {
        long revision = next;
        int from = place;
        for (; revision <= chronicle.last(); revision++) {
            List<KeyValue> versions = chronicle.change(revision).versions();
            for (int i = from; i < versions.size(); i++) {
                if (range.contains(versions.get(i).key())) {
                    return false;
                }
            }
            from = 0;
        }
        return true;
    }

    private void seekMatch(Event event) {
        while (true) {
            Invariants.check(
                    next <= chronicle.last(), "watch %s: %s is from a revision nobody has applied", name, event);
            skipUnwanted();
            if (place < chronicle.change(next).versions().size()) {
                return;
            }
            next++;
            place = 0;
        }
    }

    private void skipUnwanted() {
        List<KeyValue> versions = chronicle.change(next).versions();
        while (place < versions.size() && !range.contains(versions.get(place).key())) {
            place++;
        }
    }
}
