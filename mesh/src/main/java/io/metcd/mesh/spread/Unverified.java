package io.metcd.mesh.spread;

import io.metcd.mesh.PeerId;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Items whose signatures nobody has looked at yet, a bounded queue for each neighbour, taken in turn. */
final class Unverified {
    private final int perNeighbour;
    private final Map<PeerId, ArrayDeque<Arrival>> queues = new TreeMap<>();
    private final ArrayDeque<PeerId> turns = new ArrayDeque<>();
    private final SortedSet<Mark> marks = new TreeSet<>();

    /** An item and who brought it, and whether it came down the tree. */
    record Arrival(PeerId from, Words.Parcel parcel, boolean eager) {
        private Mark mark() {
            return new Mark(parcel.item().series().hash(), parcel.item().sequence());
        }
    }

    private record Mark(long series, long sequence) implements Comparable<Mark> {
        @Override
        public int compareTo(Mark other) {
            int bySeries = Long.compare(series, other.series);
            return bySeries != 0 ? bySeries : Long.compare(sequence, other.sequence);
        }
    }

    Unverified(int perNeighbour) {
        this.perNeighbour = perNeighbour;
    }

    /** False, and the item is not taken, when this neighbour has brought too many, or somebody has brought the same. */
    boolean add(Arrival arrival) {
        ArrayDeque<Arrival> queue = queues.computeIfAbsent(arrival.from, any -> new ArrayDeque<>());
        if (queue.size() >= perNeighbour || !marks.add(arrival.mark())) {
            return false;
        }
        if (queue.isEmpty()) {
            turns.add(arrival.from);
        }
        queue.add(arrival);
        return true;
    }

    boolean isEmpty() {
        return turns.isEmpty();
    }

    /** The next item of the neighbour whose turn it is. */
    Optional<Arrival> poll() {
        PeerId neighbour = turns.poll();
        ArrayDeque<Arrival> queue = neighbour == null ? null : queues.get(neighbour);
        Arrival arrival = queue == null ? null : queue.poll();
        if (neighbour == null || queue == null || arrival == null) {
            return Optional.empty();
        }
        marks.remove(arrival.mark());
        if (queue.isEmpty()) {
            queues.remove(neighbour);
        } else {
            turns.add(neighbour);
        }
        return Optional.of(arrival);
    }

    /** Forgets what a neighbour has brought. */
    void drop(PeerId neighbour) {
        ArrayDeque<Arrival> queue = queues.remove(neighbour);
        if (queue != null) {
            queue.forEach(arrival -> marks.remove(arrival.mark()));
            turns.remove(neighbour);
        }
    }
}
