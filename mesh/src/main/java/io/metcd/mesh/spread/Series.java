package io.metcd.mesh.spread;

import io.metcd.mesh.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is held of one series. Of messages a window, which is handed out in order: what comes before its turn waits, and
 * a gap that nobody fills in time is passed over. Of a state the newest item.
 */
final class Series {
    final SeriesId id;
    final long hash;
    /** For states, in the order of their arrival. */
    final long arrival;

    private final Profile.Spread bounds;
    private final TreeMap<Long, Held> held = new TreeMap<>();
    /** All items below have been handed out or passed over. */
    private long next;

    private long bytes;
    private long gapSinceNanos;

    /** An item and when it was sent, as far as this peer's clock can tell. */
    record Held(Item item, long bornNanos) {}

    /** Begins with item {@code first}. */
    Series(SeriesId id, long first, long arrival, Profile.Spread bounds) {
        this.id = id;
        this.hash = id.hash();
        this.next = first;
        this.arrival = arrival;
        this.bounds = bounds;
    }

    long next() {
        return next;
    }

    /** From here on nothing is missing below {@link #next}, as far as this peer was not too late itself. */
    long low() {
        return held.isEmpty() ? next : Math.min(held.firstKey(), next);
    }

    long bytes() {
        return bytes;
    }

    boolean has(long sequence) {
        return sequence < next || held.containsKey(sequence);
    }

    /** The item of this number, or the newest that has taken its place. */
    Optional<Held> answer(long sequence) {
        Held found = id.state() ? newestFrom(sequence) : held.get(sequence);
        return Optional.ofNullable(found);
    }

    /** The newest item of a state. */
    Optional<Item> newest() {
        return held.isEmpty() ? Optional.empty() : Optional.of(held.lastEntry().getValue().item);
    }

    /** Takes an item that it does not have; returns those whose turn has come. */
    List<Item> put(Held one, long nowNanos) {
        long sequence = one.item.sequence();
        if (id.state()) {
            held.clear();
            bytes = 0;
            next = sequence;
        } else if (sequence - next >= bounds.keptPerOrigin()) {
            next = sequence - bounds.keptPerOrigin() + 1;
        }
        held.put(sequence, one);
        bytes += one.item.encoded().size();
        List<Item> due = release(nowNanos);
        while (held.size() > bounds.keptPerOrigin() || bytes > bounds.seriesBytes()) {
            drop();
        }
        return due;
    }

    /** Forgets messages that are too old and passes over a gap that has lasted too long; returns whose turn it is. */
    List<Item> sweep(long nowNanos) {
        if (id.state()) {
            return List.of();
        }
        while (!held.isEmpty()
                && held.firstKey() < next
                && nowNanos - held.firstEntry().getValue().bornNanos > bounds.keptNanos()) {
            drop();
        }
        Long waiting = held.ceilingKey(next);
        if (waiting != null && nowNanos - gapSinceNanos > bounds.pace().patienceNanos()) {
            next = waiting;
            return release(nowNanos);
        }
        return List.of();
    }

    /** Whether neighbours should be asked if they know. */
    boolean isNews(long nowNanos) {
        return !held.isEmpty() && nowNanos - held.lastEntry().getValue().bornNanos <= bounds.keptNanos();
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Drops the oldest item, or the one furthest ahead of its turn. */
    void drop() {
        Held dropped = held.firstKey() < next
                ? held.pollFirstEntry().getValue()
                : held.pollLastEntry().getValue();
        bytes -= dropped.item.encoded().size();
    }

    private List<Item> release(long nowNanos) {
        List<Item> due = new ArrayList<>();
        for (Held turn = held.get(next); turn != null; turn = held.get(next)) {
            due.add(turn.item);
            next++;
        }
        gapSinceNanos = nowNanos;
        return due;
    }

    private @Nullable Held newestFrom(long sequence) {
        return held.isEmpty() || held.lastKey() < sequence
                ? null
                : held.lastEntry().getValue();
    }
}
