package io.metcd.simulator.world;

import io.metcd.base.Bytes;

/**
 * A rolling hash over everything that happens in a run: (time, process) of each event, and what the networks carry.
 * Two runs of one seed that differ anywhere end with different values.
 */
public final class TraceHash {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    /** Of a carried frame, its size and this many bytes at either end are hashed. */
    private static final int EDGE = 24;

    private long value = 0x6D65746364L;

    public void note(long word) {
        long mixed = (value ^ word) * MULTIPLIER;
        value = mixed ^ (mixed >>> 29);
    }

    /** Notes a carried frame: its size and its edges, which hold its header and its newest field. */
    public void note(Bytes frame) {
        int size = frame.size();
        long word = size;
        int head = Math.min(size, EDGE);
        for (int i = 0; i < head; i++) {
            word = word * 31 + frame.at(i);
        }
        for (int i = Math.max(head, size - EDGE); i < size; i++) {
            word = word * 31 + frame.at(i);
        }
        note(word);
    }

    public long value() {
        return value;
    }

    @Override
    public String toString() {
        return String.format("%016x", value);
    }
}
