package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.Collections;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A map in which, for each key, the last writer wins. Last goes by Lamport's clock: a write is later than all that its
 * writer knew; of two that did not know of each other, the one of the greater life wins everywhere.
 */
public record LwwMap(SortedMap<String, Entry> entries) {
    public static final LwwMap EMPTY = new LwwMap(new TreeMap<>());
    public static final Crdt<LwwMap> TYPE = new Type();
    private static final int ENTRIES_MAX = 4_096;

    /**
     * What was last written under a key.
     *
     * @param value empty once the key was removed
     * @param time one more than that of the entry it replaced
     */
    public record Entry(Optional<Bytes> value, long time, Life writer) implements Comparable<Entry> {
        private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::time)
                .thenComparing(Entry::writer)
                .thenComparing(entry -> entry.value.orElse(Bytes.EMPTY))
                .thenComparing(entry -> entry.value.isPresent());

        /** The winner is the greater. */
        @Override
        public int compareTo(Entry other) {
            return ORDER.compare(this, other);
        }
    }

    public LwwMap {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    public Optional<Bytes> get(String key) {
        Entry entry = entries.get(key);
        return entry == null ? Optional.empty() : entry.value;
    }

    /** The keys that have a value. */
    public SortedMap<String, Bytes> asMap() {
        SortedMap<String, Bytes> map = new TreeMap<>();
        entries.forEach((key, entry) -> entry.value.ifPresent(value -> map.put(key, value)));
        return map;
    }

    /** What changes when a life writes a value. */
    public LwwMap put(Life writer, String key, Bytes value) {
        return write(writer, key, Optional.of(value));
    }

    /** What changes when a life removes a key; its name is remembered. */
    public LwwMap remove(Life writer, String key) {
        return write(writer, key, Optional.empty());
    }

    private LwwMap write(Life writer, String key, Optional<Bytes> value) {
        Entry before = entries.get(key);
        SortedMap<String, Entry> changed = new TreeMap<>();
        changed.put(key, new Entry(value, before == null ? 1 : before.time + 1, writer));
        return new LwwMap(changed);
    }

    private static final class Type implements Crdt<LwwMap> {
        @Override
        public LwwMap empty() {
            return EMPTY;
        }

        @Override
        public LwwMap merge(LwwMap one, LwwMap other) {
            SortedMap<String, Entry> merged = new TreeMap<>(one.entries);
            other.entries.forEach((key, entry) -> merged.merge(key, entry, (a, b) -> a.compareTo(b) >= 0 ? a : b));
            return new LwwMap(merged);
        }

        @Override
        public Bytes encode(LwwMap part) {
            ByteWriter writer = new ByteWriter().varint(part.entries.size());
            part.entries.forEach((key, entry) -> {
                writer.utf8(key).bool(entry.value.isPresent()).bytes(entry.value.orElse(Bytes.EMPTY));
                entry.writer.encode(writer.varint(entry.time));
            });
            return writer.toBytes();
        }

        @Override
        public LwwMap decode(Bytes part) {
            ByteReader reader = new ByteReader(part);
            SortedMap<String, Entry> entries = new TreeMap<>();
            for (int left = reader.count(ENTRIES_MAX); left > 0; left--) {
                String key = reader.utf8();
                boolean present = reader.bool();
                Bytes value = reader.bytes().compact();
                long time = reader.varint();
                entries.put(key, new Entry(present ? Optional.of(value) : Optional.empty(), time, Life.decode(reader)));
            }
            return new LwwMap(entries);
        }
    }
}
