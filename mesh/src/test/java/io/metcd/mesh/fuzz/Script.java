package io.metcd.mesh.fuzz;

import io.metcd.base.Bytes;

/** Reads an input as a list of things to do; where it ends, everything is zero. */
final class Script {
    private final Bytes input;
    private int position;

    Script(Bytes input) {
        this.input = input;
    }

    boolean hasMore() {
        return position < input.size();
    }

    /** The next byte, in [0, bound). */
    int next(int bound) {
        return hasMore() ? (input.at(position++) & 0xff) % bound : 0;
    }

    /** As many bytes as the next one says, or as there are. */
    Bytes bytes() {
        int from = Math.min(input.size(), position + 1);
        position = Math.min(input.size(), from + next(256));
        return input.slice(from, Math.max(from, position));
    }

    /** Eight bytes. */
    long number() {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | next(256);
        }
        return number;
    }
}
