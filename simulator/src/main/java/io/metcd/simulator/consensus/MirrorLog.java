package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import java.util.Arrays;
import java.util.Collection;
import java.util.TreeMap;

/**
 * A log as the checkers keep it: of each entry its term and a hash of its content, and the configurations in it. Entries up to {@code first() - 1}
 * were compacted; of the last of them the term is still known.
 */
final class MirrorLog {
    private long boundary;
    private long boundaryTerm;
    private long[] terms = new long[64];
    private long[] hashes = new long[64];
    private int size;

    /** By the index of their entries; the first one is in force at the boundary. */
    private final TreeMap<Long, Configuration> configurations = new TreeMap<>();

    MirrorLog(Configuration initial) {
        configurations.put(0L, initial);
    }

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

    /** The terms of the entries here, each with how many follow it: {@code 1*3,4*2}. */
    String terms() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < size; ) {
            int same = i;
            while (same < size && terms[same] == terms[i]) {
                same++;
            }
            text.append(i == 0 ? "" : ",").append(terms[i]).append('*').append(same - i);
            i = same;
        }
        return text.toString();
    }

    /** Whether this log has the entry, or has compacted it. */
    boolean holds(long index, long term) {
        return index <= boundary || (index <= last() && term(index) == term);
    }

    /** Sets an entry; whatever followed it is gone. The index is at most one beyond the last. */
    void set(long index, long term, long hash) {
        Invariants.check(index > boundary && index <= last() + 1, "entry %s does not join on to %s", index, last());
        size = (int) (index - boundary - 1);
        configurations.tailMap(index, true).clear();
        if (size == terms.length) {
            terms = Arrays.copyOf(terms, size * 2);
            hashes = Arrays.copyOf(hashes, size * 2);
        }
        terms[size] = term;
        hashes[size] = hash;
        size++;
    }

    /** The entry just set brings a configuration. */
    void configure(long index, Configuration configuration) {
        configurations.put(index, configuration);
    }

    /** In force at an index from {@code first() - 1} on. */
    Configuration configurationAt(long index) {
        return configurations.floorEntry(index).getValue();
    }

    /** Every configuration in force from an index on: that one and all behind it. */
    Collection<Configuration> configurationsFrom(long index) {
        return configurations.tailMap(configurations.floorKey(index), true).values();
    }

    /** The entry that brought the configuration in front of an index; the boundary when none did. */
    long configuredBefore(long index) {
        Long before = configurations.lowerKey(index);
        return before == null ? boundary : before;
    }

    /** The entry that brought the last configuration. */
    long configured() {
        return configurations.lastKey();
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
        configurations.headMap(configurations.floorKey(index), false).clear();
    }

    /** Begins anew behind a snapshot. */
    void reset(long index, long term, Configuration configuration) {
        configurations.clear();
        configurations.put(index, configuration);
        boundary = index;
        boundaryTerm = term;
        size = 0;
    }

    MirrorLog copy() {
        MirrorLog copy = new MirrorLog(configurations.firstEntry().getValue());
        copy.configurations.clear();
        copy.configurations.putAll(configurations);
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
