package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A set in which an addition that a removal did not know of survives it. Each addition has a dot of its own, and a
 * removal names the dots that it saw.
 *
 * @param added the element of each dot
 * @param removed dots whose additions no longer count
 * @param last the number of each life's last dot
 */
public record OrSet(SortedMap<Dot, Bytes> added, SortedSet<Dot> removed, SortedMap<Life, Long> last) {
    public static final OrSet EMPTY = new OrSet(new TreeMap<>(), new TreeSet<>(), new TreeMap<>());
    public static final Crdt<OrSet> TYPE = new Type();
    private static final int DOTS_MAX = 4_096;

    /** One addition of one life. */
    public record Dot(Life life, long number) implements Comparable<Dot> {
        @Override
        public int compareTo(Dot other) {
            int byLife = life.compareTo(other.life);
            return byLife != 0 ? byLife : Long.compare(number, other.number);
        }

        private void encode(ByteWriter writer) {
            life.encode(writer);
            writer.varint(number);
        }

        private static Dot decode(ByteReader reader) {
            return new Dot(Life.decode(reader), reader.varint());
        }
    }

    public OrSet {
        added = Collections.unmodifiableSortedMap(new TreeMap<>(added));
        removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
        last = Collections.unmodifiableSortedMap(new TreeMap<>(last));
    }

    public SortedSet<Bytes> elements() {
        SortedSet<Bytes> elements = new TreeSet<>();
        added.forEach((dot, element) -> {
            if (!removed.contains(dot)) {
                elements.add(element);
            }
        });
        return elements;
    }

    /** What changes when a life adds an element. */
    public OrSet add(Life life, Bytes element) {
        long number = last.getOrDefault(life, 0L) + 1;
        return new OrSet(
                new TreeMap<>(Collections.singletonMap(new Dot(life, number), element)),
                new TreeSet<>(),
                new TreeMap<>(Collections.singletonMap(life, number)));
    }

    /** What changes when anybody removes an element as far as it is known. */
    public OrSet remove(Bytes element) {
        SortedSet<Dot> seen = new TreeSet<>();
        added.forEach((dot, one) -> {
            if (one.equals(element)) {
                seen.add(dot);
            }
        });
        return new OrSet(new TreeMap<>(), seen, new TreeMap<>());
    }

    private static final class Type implements Crdt<OrSet> {
        @Override
        public OrSet empty() {
            return EMPTY;
        }

        @Override
        public OrSet merge(OrSet one, OrSet other) {
            SortedMap<Dot, Bytes> added = new TreeMap<>(one.added);
            other.added.forEach((dot, element) -> added.merge(dot, element, (a, b) -> a.compareTo(b) >= 0 ? a : b));
            SortedSet<Dot> removed = new TreeSet<>(one.removed);
            removed.addAll(other.removed);
            SortedMap<Life, Long> last = new TreeMap<>(one.last);
            other.last.forEach((life, number) -> last.merge(life, number, Math::max));
            return new OrSet(added, removed, last);
        }

        /** An own addition that was removed is no longer said, and then neither is the removal by who said that. */
        @Override
        public OrSet trim(OrSet own, OrSet value) {
            SortedMap<Dot, Bytes> added = new TreeMap<>(own.added);
            added.keySet().removeAll(value.removed);
            SortedSet<Dot> removed = new TreeSet<>(own.removed);
            removed.retainAll(value.added.keySet());
            return new OrSet(added, removed, own.last);
        }

        @Override
        public Bytes encode(OrSet part) {
            ByteWriter writer = new ByteWriter().varint(part.added.size());
            part.added.forEach((dot, element) -> {
                dot.encode(writer);
                writer.bytes(element);
            });
            writer.varint(part.removed.size());
            part.removed.forEach(dot -> dot.encode(writer));
            writer.varint(part.last.size());
            part.last.forEach((life, number) -> {
                life.encode(writer);
                writer.varint(number);
            });
            return writer.toBytes();
        }

        @Override
        public OrSet decode(Bytes part) {
            ByteReader reader = new ByteReader(part);
            SortedMap<Dot, Bytes> added = new TreeMap<>();
            for (int left = reader.count(DOTS_MAX); left > 0; left--) {
                added.put(Dot.decode(reader), reader.bytes().compact());
            }
            SortedSet<Dot> removed = new TreeSet<>();
            for (int left = reader.count(DOTS_MAX); left > 0; left--) {
                removed.add(Dot.decode(reader));
            }
            SortedMap<Life, Long> last = new TreeMap<>();
            for (int left = reader.count(DOTS_MAX); left > 0; left--) {
                last.put(Life.decode(reader), reader.varint());
            }
            return new OrSet(added, removed, last);
        }
    }
}
