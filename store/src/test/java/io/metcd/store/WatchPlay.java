package io.metcd.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.store.command.Command;
import io.metcd.store.command.Envelope;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.KeyValue;
import io.metcd.store.watch.WatchHub;
import io.metcd.store.watch.WatchRequest;
import io.metcd.store.watch.WatchResponse;
import io.metcd.store.watch.WatchStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A store, a hub with streams, and for each watch what it has been told, held against the full history. */
final class WatchPlay {
    private final Limits limits;
    private final Store store;
    private final NaiveStore naive = new NaiveStore();
    private final WatchHub hub;
    private final List<Side> sides = new ArrayList<>();
    private final List<Event> turnEvents = new ArrayList<>();
    private Root root;
    private long index;

    WatchPlay(Limits limits, int streams) {
        this.limits = limits;
        this.store = new Store(limits);
        this.root = store.root();
        this.hub = new WatchHub(root, limits);
        for (int i = 0; i < streams; i++) {
            sides.add(new Side(hub.open(i)));
        }
    }

    /** The client's side of a stream. */
    private static final class Side {
        final WatchStream stream;
        final ArrayDeque<WatchResponse> expectedAnswers = new ArrayDeque<>();
        final TreeMap<Long, Told> watches = new TreeMap<>();
        final Set<Long> compacted = new TreeSet<>();
        long nextId;
        long fragmentOf = -2;

        Side(WatchStream stream) {
            this.stream = stream;
        }

        boolean isTaken(long id) {
            return watches.containsKey(id) || compacted.contains(id);
        }

        Told told(long id) {
            return Optional.ofNullable(watches.get(id)).orElseThrow();
        }
    }

    /** What a watch has been told. */
    private static final class Told {
        final WatchRequest request;
        final long from;
        final List<KeyValue> changes = new ArrayList<>();
        boolean created;
        long progress;
        long lastRevision;

        /** What had been compacted when the last response, or its first part, was made. */
        long compactRevision;

        Told(WatchRequest request, long from) {
            this.request = request;
            this.from = from;
        }
    }

    void apply(Command command) {
        Applied applied = store.apply(++index, 1, Envelope.of(command).encode());
        naive.apply(command);
        turnEvents.addAll(applied.events());
    }

    void turn() {
        root = store.root();
        hub.onTurn(root, List.copyOf(turnEvents));
        turnEvents.clear();
    }

    void turnWithoutEvents() {
        turnEvents.clear();
        turn();
    }

    void turnWithoutItsLastEvents() {
        long cut =
                turnEvents.isEmpty() ? 0 : turnEvents.get(turnEvents.size() / 2).revision();
        turnEvents.removeIf(event -> event.revision() >= cut);
        turn();
    }

    void tick() {
        hub.onProgressTick();
    }

    void create(int number, WatchRequest request) {
        Side side = sides.get(number);
        side.stream.create(request);
        long revision = root.revision();
        if (request.startRevision() < 0) {
            side.expectedAnswers.add(new WatchResponse.NotCreated(revision, WatchResponse.Reason.COMPACTED));
        } else if (request.range().isEmpty()) {
            side.expectedAnswers.add(new WatchResponse.NotCreated(revision, WatchResponse.Reason.EMPTY_RANGE));
        } else if (request.watchId() != 0 && side.isTaken(request.watchId())) {
            side.expectedAnswers.add(new WatchResponse.NotCreated(revision, WatchResponse.Reason.DUPLICATE_WATCH_ID));
        } else {
            long id = request.watchId();
            if (id == 0) {
                while (side.isTaken(side.nextId)) {
                    side.nextId++;
                }
                id = side.nextId++;
            }
            side.expectedAnswers.add(new WatchResponse.Created(id, revision));
            long from = request.startRevision() == 0 ? revision + 1 : request.startRevision();
            side.watches.put(id, new Told(request, from));
        }
    }

    void cancel(int number, long id) {
        Side side = sides.get(number);
        side.stream.cancel(id);
        if (side.watches.remove(id) != null) {
            side.expectedAnswers.add(new WatchResponse.Canceled(id, root.revision()));
            side.fragmentOf = side.fragmentOf == id ? -2 : side.fragmentOf;
        } else if (side.compacted.remove(id)) {
            side.expectedAnswers.add(new WatchResponse.Canceled(id, root.revision()));
        }
    }

    void requestProgress(int number) {
        sides.get(number).stream.requestProgress();
    }

    void close(int number) {
        sides.get(number).stream.close();
        sides.set(number, new Side(hub.open(number)));
    }

    void poll(int number, int most) {
        Side side = sides.get(number);
        for (int i = 0; i < most && side.stream.isReady(); i++) {
            Optional<WatchResponse> response = side.stream.poll();
            if (response.isPresent()) {
                take(side, response.get());
            }
        }
    }

    /** Every watch that is left has been told all that there is. */
    void checkAllTold() {
        for (Side side : sides) {
            assertThat(side.expectedAnswers).isEmpty();
            side.watches.forEach((id, told) -> {
                assertThat(told.created).isTrue();
                assertThat(told.changes).as("told to %s", told.request).isEqualTo(expected(told, root.revision()));
            });
        }
        assertThat(hub.watchCount())
                .isEqualTo(sides.stream().mapToInt(side -> side.watches.size()).sum());
    }

    private void take(Side side, WatchResponse response) {
        if (response instanceof WatchResponse.Events events) {
            takeEvents(side, events);
            return;
        }
        assertThat(side.fragmentOf).as("between fragments: %s", response).isEqualTo(-2);
        if (response instanceof WatchResponse.Progress progress) {
            takeProgress(side, progress);
        } else if (response instanceof WatchResponse.Compacted compacted) {
            Told told = side.told(compacted.watchId());
            side.watches.remove(compacted.watchId());
            side.compacted.add(compacted.watchId());
            assertThat(compacted.compactRevision()).isEqualTo(root.compactRevision());
            assertThat(told.created).isTrue();
            assertThat(told.lastRevision).isLessThan(compacted.compactRevision());
            assertThat(told.from).isLessThan(compacted.compactRevision());
            assertThat(expected(told, told.lastRevision)).isEqualTo(told.changes);
        } else {
            assertThat(response).isEqualTo(side.expectedAnswers.remove());
            if (response instanceof WatchResponse.Created created && side.watches.containsKey(created.watchId())) {
                side.told(created.watchId()).created = true;
            }
        }
    }

    private void takeEvents(Side side, WatchResponse.Events events) {
        Told told = side.told(events.watchId());
        assertThat(told.created).as("created before %s", events).isTrue();
        assertThat(events.events()).isNotEmpty();
        assertThat(side.fragmentOf).isIn(-2L, events.watchId());
        boolean first = side.fragmentOf == -2;
        side.fragmentOf = events.moreFragments() ? events.watchId() : -2;
        assertThat(told.request.fragment() || !events.moreFragments()).isTrue();
        long firstRevision = events.events().get(0).revision();
        assertThat(firstRevision).as("after progress").isGreaterThan(told.progress);
        if (first) {
            told.compactRevision = root.compactRevision();
            assertThat(firstRevision).as("a revision in two responses").isGreaterThan(told.lastRevision);
        }
        for (Event event : events.events()) {
            checkPrevious(told, event);
            told.changes.add(event.kv());
            told.lastRevision = event.revision();
        }
        assertThat(events.revision()).isBetween(told.lastRevision, root.revision());
        long revisions =
                events.events().stream().map(Event::revision).distinct().count();
        assertThat(revisions).isLessThanOrEqualTo(limits.replayRevisions());
        assertThat(expected(told, told.lastRevision).subList(0, told.changes.size()))
                .isEqualTo(told.changes);
        if (!events.moreFragments()) {
            assertThat(expected(told, told.lastRevision)).as("whole revisions").hasSameSizeAs(told.changes);
        }
    }

    private void checkPrevious(Told told, Event event) {
        KeyValue kv = event.kv();
        assertThat(event.type()).isEqualTo(kv.isTombstone() ? Event.Type.DELETE : Event.Type.PUT);
        Optional<KeyValue> previous =
                told.request.previous() ? naive.before(kv, told.compactRevision) : Optional.empty();
        assertThat(event.previous()).isEqualTo(previous);
    }

    private void takeProgress(Side side, WatchResponse.Progress progress) {
        assertThat(progress.revision()).isEqualTo(root.revision());
        if (progress.watchId() != WatchResponse.NO_WATCH) {
            Told told = side.told(progress.watchId());
            assertThat(told.request.progressNotify()).isTrue();
            checkProgress(told, progress.revision());
            return;
        }
        assertThat(side.watches).isNotEmpty();
        side.watches.values().forEach(told -> checkProgress(told, progress.revision()));
    }

    private void checkProgress(Told told, long revision) {
        assertThat(told.changes).as("told before progress").isEqualTo(expected(told, revision));
        told.progress = revision;
    }

    private List<KeyValue> expected(Told told, long upTo) {
        List<KeyValue> changes = new ArrayList<>();
        Bytes key = told.request.key().isEmpty() ? Bytes.of(0) : told.request.key();
        Bytes end = told.request.end();
        for (long revision = Math.max(2, told.from); revision <= upTo; revision++) {
            for (KeyValue kv : naive.changesOf(revision)) {
                boolean inside = end.isEmpty()
                        ? kv.key().equals(key)
                        : kv.key().compareTo(key) >= 0
                                && (end.equals(Bytes.of(0)) || kv.key().compareTo(end) < 0);
                boolean wanted = kv.isTombstone() ? !told.request.noDelete() : !told.request.noPut();
                if (inside && wanted) {
                    changes.add(kv);
                }
            }
        }
        return changes;
    }
}
