package io.metcd.store.bolt;

import io.metcd.base.Bytes;
import java.util.List;

/**
 * A bucket to be written.
 *
 * @param records read twice, from the first
 */
public record Bucket(String name, Records records) {
    /** The longest key of the format. */
    public static final int KEY_BYTES_MAX = 32768;

    /** The records of a bucket, in the ascending order of their keys; no key is empty, none comes twice. */
    public interface Records {
        /** Goes to the first. */
        void rewind();

        boolean isValid();

        Bytes key();

        /** How long {@link #value} is, without making it. */
        int valueBytes();

        Bytes value();

        void next();
    }

    /** A record at hand. */
    public record Entry(Bytes key, Bytes value) {}

    /** A bucket of few records. */
    public static Bucket of(String name, List<Entry> entries) {
        return new Bucket(name, new Few(entries));
    }

    private static final class Few implements Records {
        private final List<Entry> entries;
        private int place;

        Few(List<Entry> entries) {
            this.entries = List.copyOf(entries);
        }

        @Override
        public void rewind() {
            place = 0;
        }

        @Override
        public boolean isValid() {
            return place < entries.size();
        }

        @Override
        public Bytes key() {
            return entries.get(place).key();
        }

        @Override
        public int valueBytes() {
            return value().size();
        }

        @Override
        public Bytes value() {
            return entries.get(place).value();
        }

        @Override
        public void next() {
            place++;
        }
    }
}
