package io.metcd.journal;

import io.metcd.base.Invariants;
import java.util.Arrays;

/** Where each entry of the log stands in its file. Indexes are without a gap. */
final class EntryPlaces {
    private long first;
    private int count;
    private long[] offsets = new long[64];
    private int[] sizes = new int[64];
    private long[] terms = new long[64];

    /** Without entries; the next one will be behind this index. */
    void reset(long snapshotIndex) {
        first = snapshotIndex + 1;
        count = 0;
    }

    long firstIndex() {
        return first;
    }

    long lastIndex() {
        return first + count - 1;
    }

    boolean has(long index) {
        return index >= first && index <= lastIndex();
    }

    /** An entry that replaces what was at its index and behind. */
    void put(long index, long term, long offset, int size) {
        Invariants.check(index >= first && index <= lastIndex() + 1, "entry %s behind %s", index, lastIndex());
        count = (int) (index - first);
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
            terms = Arrays.copyOf(terms, count * 2);
        }
        offsets[count] = offset;
        sizes[count] = size;
        terms[count] = term;
        count++;
    }

    long offset(long index) {
        return offsets[(int) (index - first)];
    }

    int size(long index) {
        return sizes[(int) (index - first)];
    }

    long term(long index) {
        return terms[(int) (index - first)];
    }
}
