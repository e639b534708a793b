package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import java.util.Arrays;

/**
 * A log as the checkers keep it: of each entry its term and a hash of its content. Entries up to {@code first() - 1}
 * were compacted; of the last of them the term is still known.
 */
final class MirrorLog {
    private long boundary;
    private long boundaryTerm;
    private long[] terms = new long[64];
    private long[] hashes = new long[64];
    private int size;

    /** The first index that is held. */
    long first() {
        return boundary + 1;
    }

    long last() {
        return boundary + size;
    }

    /** The term at an index in [first() - 1, last()]. */
    long term(long index) {
        if (index == boundary) {
            return boundaryTerm;
        }
        check(index);
        return terms[(int) (index - boundary - 1)];
    }

    long hash(long index) {
        check(index);
        return hashes[(int) (index - boundary - 1)];
    }

    /** Whether this log has the entry, or has compacted it. */
    boolean holds(long index, long term) {
        return index <= boundary || (index <= last() && term(index) == term);
    }

    /** Sets an entry; whatever followed it is gone. The index is at most one beyond the last. */
    void set(long index, long term, long hash) {
        Invariants.check(index > boundary && index <= last() + 1, "entry %s does not join on to %s", index, last());
        size = (int) (index - boundary - 1);
        if (size == terms.length) {
            terms = Arrays.copyOf(terms, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        terms[size] = term;
        hashes[size] = hash;
        size++;
    }

    /** Drops the entries up to and including the index. */
    void compact(long index) {
        if (index <= boundary) {
            return;
        }
        long term = term(index);
        int gone = (int) (index - boundary);
        System.arraycopy(terms, gone, terms, 0, size - gone);
        System.arraycopy(hashes, gone, hashes, 0, size - gone);
        size -= gone;
        boundary = index;
        boundaryTerm = term;
    }

    /** Begins anew behind a snapshot. */
    void reset(long index, long term) {
        boundary = index;
        boundaryTerm = term;
        size = 0;
    }

    MirrorLog copy() {
        MirrorLog copy = new MirrorLog();
        copy.boundary = boundary;
        copy.boundaryTerm = boundaryTerm;
        copy.terms = terms.clone();
        copy.hashes = hashes.clone();
        copy.size = size;
        return copy;
    }

    private void check(long index) {
        Invariants.check(index > boundary && index <= last(), "entry %s is not held, last is %s", index, last());
    }
}
