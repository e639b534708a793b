package io.metcd.store.watch;

import io.metcd.base.Invariants;
import io.metcd.store.Limits;
import io.metcd.store.Root;
import io.metcd.store.keyspace.Keyspace;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.watch.Watcher.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All watches of one event loop (contract: watch.create, watch.event, watch.progress). Not thread-safe: its loop calls it.
 *
 * <pre>
 *   turn ──► index ──► watch LIVE ──take──► response
 *                        │    ▲
 *      not taken until   │    │ caught up
 *      the next turn     ▼    │
 *                     watch BEHIND ──read history of the root──► response, or Compacted
 * </pre>
 *
 * <p>A watch holds at most the events of one turn, and they are the store's own. What a stream cannot write in time is
 * read again from the newest root when it can. So a stream that never reads costs nothing, and what it misses is
 * either still to be read or it is told that it was compacted.
 */
public final class WatchHub {
    private final Limits limits;
    private final WatchIndex index = new WatchIndex();

    /** Every watch, in the order in which they were made. */
    private final TreeSet<Watcher> watchers = new TreeSet<>((one, other) -> Long.compare(one.number, other.number));

    /** Live watches to which the last turn gave something. */
    private final List<Watcher> fed = new ArrayList<>();

    private Root root;
    private long nextNumber;

    public WatchHub(Root root, Limits limits) {
        this.root = root;
        this.limits = limits;
    }

    /** A new stream; the tag is the owner's. */
    public WatchStream open(long tag) {
        return new WatchStream(this, tag);
    }

    /**
     * Takes a later root and the events that lead to it (all of them, in order: of one turn or of several). If they do
     * not join on, as after a snapshot, watches find their events in the root's history. Returns the streams that now
     * have something to say.
     */
    public List<WatchStream> onTurn(Root newRoot, List<Event> events) {
        Invariants.check(newRoot.revision() >= root.revision(), "a turn from %s back", root.revision());
        List<WatchStream> touched = new ArrayList<>();
        for (Watcher watcher : fed) {
            if (watcher.state == State.LIVE && watcher.hasPending()) {
                fallBehind(watcher);
            }
        }
        fed.clear();
        if (joins(newRoot, events)) {
            root = newRoot;
            dispatch(events, touched);
        } else {
            for (Watcher watcher : watchers) {
                if (watcher.state == State.LIVE && !watcher.isInFuture(newRoot.revision())) {
                    fallBehind(watcher);
                    announce(watcher, touched);
                }
            }
            root = newRoot;
        }
        return finish(touched);
    }

    /** The progress interval has passed. Returns the streams that now have something to say. */
    public List<WatchStream> onProgressTick() {
        List<WatchStream> touched = new ArrayList<>();
        for (Watcher watcher : watchers) {
            boolean toldAll = watcher.state == State.LIVE && !watcher.hasPending();
            if (watcher.request.progressNotify()
                    && toldAll
                    && !watcher.active
                    && !watcher.isInFuture(root.revision())) {
                watcher.progressDue = true;
                announce(watcher, touched);
            }
            watcher.active = false;
        }
        return finish(touched);
    }

    /** All watches that exist. */
    public int watchCount() {
        return watchers.size();
    }

    Root root() {
        return root;
    }

    Limits limits() {
        return limits;
    }

    long nextNumber() {
        return nextNumber++;
    }

    /** Takes on a watch whose {@link Watcher#next} says where it begins. */
    void register(Watcher watcher) {
        watchers.add(watcher);
        if (watcher.next > root.revision()) {
            goLive(watcher);
        } else {
            watcher.stream.enqueue(watcher);
        }
    }

    void close(Watcher watcher) {
        if (watcher.state == State.LIVE) {
            index.remove(watcher);
        }
        watcher.close();
        watchers.remove(watcher);
    }

    /** The next events of a watch that is behind; it goes live with the last of them. */
    List<Event> replay(Watcher watcher) {
        List<Event> events = Replay.next(watcher, root, limits);
        if (watcher.next > root.revision()) {
            goLive(watcher);
        }
        return events;
    }

    static Event withPrevious(KeyValue change, Keyspace keyspace) {
        KeyValue before = keyspace.before(change);
        return Event.of(change).withPrevious(before.isTombstone() ? Optional.empty() : Optional.of(before));
    }

    private boolean joins(Root newRoot, List<Event> events) {
        if (events.isEmpty()) {
            return newRoot.revision() == root.revision();
        }
        return events.get(0).revision() == root.revision() + 1
                && events.get(events.size() - 1).revision() == newRoot.revision();
    }

    private void dispatch(List<Event> events, List<WatchStream> touched) {
        List<Watcher> found = new ArrayList<>();
        for (Event event : events) {
            index.find(event.kv().key(), found);
            Optional<Event> withPrevious = Optional.empty();
            for (Watcher watcher : found) {
                if (!watcher.wants(event.kv())) {
                    continue;
                }
                if (watcher.request.previous() && withPrevious.isEmpty()) {
                    withPrevious = Optional.of(withPrevious(event.kv(), root.keyspace()));
                }
                if (!watcher.hasPending()) {
                    fed.add(watcher);
                }
                watcher.push(watcher.request.previous() ? withPrevious.orElseThrow() : event);
                announce(watcher, touched);
            }
            found.clear();
        }
    }

    private void goLive(Watcher watcher) {
        watcher.state = State.LIVE;
        index.add(watcher);
    }

    private void fallBehind(Watcher watcher) {
        index.remove(watcher);
        watcher.fallBehind(root.revision() + 1);
        watcher.stream.enqueue(watcher);
    }

    private static void announce(Watcher watcher, List<WatchStream> touched) {
        WatchStream stream = watcher.stream;
        stream.enqueue(watcher);
        if (!stream.announced) {
            stream.announced = true;
            touched.add(stream);
        }
    }

    private static List<WatchStream> finish(List<WatchStream> touched) {
        for (WatchStream stream : touched) {
            stream.announced = false;
        }
        return touched;
    }
}
