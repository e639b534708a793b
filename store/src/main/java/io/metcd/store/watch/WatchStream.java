package io.metcd.store.watch;

import io.metcd.store.kv.Event;
import io.metcd.store.watch.WatchResponse.Reason;
import io.metcd.store.watch.Watcher.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The watches of one stream. Its owner takes responses while it can write:
 *
 * <pre>{@code while (canWrite && stream.isReady()) stream.poll().ifPresent(this::write);}</pre>
 *
 * after each request, after each turn or tick that names the stream, and whenever it can write again.
 *
 * <p>What is told next: the rest of a response that comes in parts, since clients put parts together as they come;
 * then answers to requests, so that a watch is created before it has events; then the watches that have something to
 * tell, in turns; and progress of the whole stream once no watch has.
 */
public final class WatchStream {
    private final WatchHub hub;
    private final long tag;
    private final TreeMap<Long, Watcher> watchers = new TreeMap<>();
    private final ArrayDeque<WatchResponse> answers = new ArrayDeque<>();

    /** Ids of watches that compaction has ended: they stay taken until they are cancelled, as long as they are not many. */
    private final TreeSet<Long> ended = new TreeSet<>();

    /** Watches that may have something to tell, each once. */
    private final ArrayDeque<Watcher> line = new ArrayDeque<>();

    /** The parts of a response of which the first has been taken. */
    private final ArrayDeque<WatchResponse.Events> fragments = new ArrayDeque<>();

    private long nextId;
    private boolean progressOwed;

    /** Whether the hub has this stream in the list that it is making. */
    boolean announced;

    WatchStream(WatchHub hub, long tag) {
        this.hub = hub;
        this.tag = tag;
    }

    /** A number of the owner's, to find its side of the stream by. */
    public long tag() {
        return tag;
    }

    /** Answered by Created or NotCreated, in the order of requests. */
    public void create(WatchRequest request) {
        long revision = hub.root().revision();
        if (request.startRevision() < 0) {
            answers.add(new WatchResponse.NotCreated(revision, Reason.COMPACTED));
        } else if (request.range().isEmpty()) {
            answers.add(new WatchResponse.NotCreated(revision, Reason.EMPTY_RANGE));
        } else if (request.watchId() != 0 && isTaken(request.watchId())) {
            answers.add(new WatchResponse.NotCreated(revision, Reason.DUPLICATE_WATCH_ID));
        } else {
            add(request.watchId() != 0 ? request.watchId() : unusedId(), request);
        }
    }

    /** In the place of {@link #create}, for a client that may not. */
    public void refuse(String reason) {
        answers.add(new WatchResponse.Refused(hub.root().revision(), reason));
    }

    /** Answered by Canceled, after which nothing comes for the id; not answered if there is no such watch. */
    public void cancel(long watchId) {
        Watcher watcher = watchers.remove(watchId);
        if (watcher != null) {
            hub.close(watcher);
            if (!fragments.isEmpty() && fragments.element().watchId() == watchId) {
                fragments.clear();
            }
            answers.add(new WatchResponse.Canceled(watchId, hub.root().revision()));
        } else if (ended.remove(watchId)) {
            answers.add(new WatchResponse.Canceled(watchId, hub.root().revision()));
        }
    }

    private boolean isTaken(long id) {
        return watchers.containsKey(id) || ended.contains(id);
    }

    /** Answered by a Progress of the whole stream if every watch has been told everything; else not answered. */
    public void requestProgress() {
        for (Watcher watcher : watchers.values()) {
            if (watcher.state != State.LIVE || watcher.isInFuture(hub.root().revision())) {
                return;
            }
        }
        progressOwed = !watchers.isEmpty();
    }

    /** True while {@link #poll} has something to do. */
    public boolean isReady() {
        return !fragments.isEmpty() || !answers.isEmpty() || !line.isEmpty() || progressOwed;
    }

    /** The next response; empty does not mean the end, that is {@link #isReady}. */
    public Optional<WatchResponse> poll() {
        if (!fragments.isEmpty()) {
            return Optional.of(fragments.remove());
        }
        if (!answers.isEmpty()) {
            return Optional.of(answers.remove());
        }
        Watcher watcher = line.poll();
        if (watcher != null) {
            watcher.queued = false;
            return serve(watcher);
        }
        if (progressOwed) {
            progressOwed = false;
            if (!watchers.isEmpty()) {
                return Optional.of(new WatchResponse.Progress(
                        WatchResponse.NO_WATCH, hub.root().revision()));
            }
        }
        return Optional.empty();
    }

    /** True if so many answers wait to be taken that the owner should read no more requests for now. */
    public boolean isBacklogged() {
        return answers.size() >= hub.limits().streamBacklog();
    }

    /** The watches that exist on this stream. */
    public int watchCount() {
        return watchers.size();
    }

    /** Ends all watches without an answer. */
    public void close() {
        watchers.values().forEach(hub::close);
        watchers.clear();
        ended.clear();
        answers.clear();
        line.clear();
        fragments.clear();
        progressOwed = false;
    }

    /** Puts a watch in line. */
    void enqueue(Watcher watcher) {
        if (!watcher.queued) {
            watcher.queued = true;
            line.add(watcher);
        }
    }

    private void add(long id, WatchRequest request) {
        long revision = hub.root().revision();
        Watcher watcher = new Watcher(this, id, hub.nextNumber(), request);
        watcher.next = request.startRevision() == 0 ? revision + 1 : request.startRevision();
        watchers.put(id, watcher);
        answers.add(new WatchResponse.Created(id, revision));
        hub.register(watcher);
    }

    private long unusedId() {
        while (isTaken(nextId)) {
            nextId++;
        }
        return nextId++;
    }

    private Optional<WatchResponse> serve(Watcher watcher) {
        if (watcher.state == State.CLOSED) {
            return Optional.empty();
        }
        if (watcher.state == State.BEHIND && watcher.next < hub.root().compactRevision()) {
            watchers.remove(watcher.id);
            hub.close(watcher);
            ended.add(watcher.id);
            if (ended.size() > hub.limits().streamBacklog()) {
                ended.pollFirst();
            }
            return Optional.of(
                    new WatchResponse.Compacted(watcher.id, hub.root().compactRevision()));
        }
        long revision = hub.root().revision();
        List<Event> events = List.of();
        if (watcher.state == State.BEHIND) {
            events = hub.replay(watcher);
        } else if (watcher.hasPending()) {
            events = watcher.takeRevision();
            revision = events.get(0).revision();
        }
        if (watcher.state == State.BEHIND || watcher.hasPending()) {
            enqueue(watcher);
        }
        return events.isEmpty() ? progress(watcher) : Optional.of(respond(watcher, revision, events));
    }

    private Optional<WatchResponse> progress(Watcher watcher) {
        boolean due = watcher.progressDue && watcher.state == State.LIVE;
        watcher.progressDue &= !due;
        return due
                ? Optional.of(new WatchResponse.Progress(watcher.id, hub.root().revision()))
                : Optional.empty();
    }

    /** The response, or its first part; the others are kept to follow it. */
    private WatchResponse respond(Watcher watcher, long revision, List<Event> events) {
        watcher.active = true;
        watcher.progressDue = false;
        int most = hub.limits().fragmentBytes();
        if (!watcher.request.fragment() || events.size() < 2 || EventSize.of(events) < most) {
            return new WatchResponse.Events(watcher.id, revision, events, false);
        }
        List<Event> part = new ArrayList<>();
        long bytes = 0;
        for (Event event : events) {
            long size = EventSize.of(event);
            if (!part.isEmpty() && bytes + size >= most) {
                fragments.add(new WatchResponse.Events(watcher.id, revision, part, true));
                part = new ArrayList<>();
                bytes = 0;
            }
            part.add(event);
            bytes += size;
        }
        fragments.add(new WatchResponse.Events(watcher.id, revision, part, false));
        return fragments.remove();
    }
}
