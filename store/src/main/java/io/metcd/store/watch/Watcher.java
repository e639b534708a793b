package io.metcd.store.watch;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyRange;
import io.metcd.store.kv.KeyValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** One watch: what it wants, and how far it has been told. */
final class Watcher {
    /** LIVE is told by turns, BEHIND reads history, CLOSED is told nothing more. */
    enum State {
        LIVE,
        BEHIND,
        CLOSED
    }

    final WatchStream stream;
    final long id;

    /** Unlike the id, one of its own among all watches of the hub. */
    final long number;

    final WatchRequest request;
    final KeyRange range;

    State state;

    /** Everything below this revision has been told, or lies before the start; but see {@link #pending}. */
    long next;

    /**
     * While LIVE: events of the last turn that have not been taken. They are what this watch holds of the store's
     * memory; if they are still here at the next turn they are dropped, and it is BEHIND.
     */
    private final ArrayDeque<Event> pending = new ArrayDeque<>(2);

    /** Whether the stream has it in its line of watches with something to tell. */
    boolean queued;

    /** Whether anything was told since the last progress tick. */
    boolean active;

    /** Whether a progress tick wants to be told. */
    boolean progressDue;

    /** Where the index keeps it. */
    int place;

    Watcher(WatchStream stream, long id, long number, WatchRequest request) {
        this.stream = stream;
        this.id = id;
        this.number = number;
        this.request = request;
        this.range = request.range();
        this.state = State.BEHIND;
    }

    boolean wants(KeyValue change) {
        return change.modRevision() >= next && (change.isTombstone() ? !request.noDelete() : !request.noPut());
    }

    boolean wantsKey(Bytes key) {
        return range.contains(key);
    }

    /** The start that was asked for has not been reached: nothing can be said of progress yet. */
    boolean isInFuture(long revision) {
        return request.startRevision() > revision;
    }

    void push(Event event) {
        Invariants.check(state == State.LIVE, "pushing to a watch that is not live");
        pending.add(event);
    }

    boolean hasPending() {
        return !pending.isEmpty();
    }

    /** Takes the pending events of the next revision that has any. */
    List<Event> takeRevision() {
        List<Event> events = new ArrayList<>(1);
        long revision = pending.element().revision();
        for (Event event = pending.peek(); event != null && event.revision() == revision; event = pending.peek()) {
            events.add(pending.remove());
        }
        next = revision + 1;
        return events;
    }

    /** Gives up what is pending: it will be read again from history. */
    void fallBehind(long revision) {
        next = pending.isEmpty() ? Math.max(next, revision) : pending.element().revision();
        pending.clear();
        state = State.BEHIND;
    }

    void close() {
        pending.clear();
        state = State.CLOSED;
    }
}
