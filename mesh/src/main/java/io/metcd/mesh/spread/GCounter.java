package io.metcd.mesh.spread;

import io.metcd.base.ByteReader;
import io.metcd.base.ByteWriter;
import io.metcd.base.Bytes;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** A counter that only grows: what each life has counted, added up. */
public record GCounter(SortedMap<Life, Long> counts) {
    public static final GCounter ZERO = new GCounter(new TreeMap<>());
    public static final Crdt<GCounter> TYPE = new Type();
    private static final int LIVES_MAX = 4_096;

    public GCounter {
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** The sum; beyond a {@code long} it stays at the largest. */
    public long value() {
        long sum = 0;
        for (long count : counts.values()) {
            sum = sum + count < 0 ? Long.MAX_VALUE : sum + count;
        }
        return sum;
    }

    /** What changes when a life counts so many more, at least 0. */
    public GCounter plus(Life life, long more) {
        if (more < 0) {
            throw new IllegalArgumentException("a counter that only grows cannot take " + more);
        }
        long before = counts.getOrDefault(life, 0L);
        SortedMap<Life, Long> changed = new TreeMap<>();
        changed.put(life, before + more < 0 ? Long.MAX_VALUE : before + more);
        return new GCounter(changed);
    }

    private static final class Type implements Crdt<GCounter> {
        @Override
        public GCounter empty() {
            return ZERO;
        }

        @Override
        public GCounter merge(GCounter one, GCounter other) {
            SortedMap<Life, Long> merged = new TreeMap<>(one.counts);
            other.counts.forEach((life, count) -> merged.merge(life, count, Math::max));
            return new GCounter(merged);
        }

        @Override
        public Bytes encode(GCounter part) {
            ByteWriter writer = new ByteWriter().varint(part.counts.size());
            part.counts.forEach((life, count) -> {
                life.encode(writer);
                writer.varint(count);
            });
            return writer.toBytes();
        }

        @Override
        public GCounter decode(Bytes part) {
            ByteReader reader = new ByteReader(part);
            SortedMap<Life, Long> counts = new TreeMap<>();
            for (int left = reader.count(LIVES_MAX); left > 0; left--) {
                counts.put(Life.decode(reader), Math.max(0, reader.varint()));
            }
            return new GCounter(counts);
        }
    }
}
