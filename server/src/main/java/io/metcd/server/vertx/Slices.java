package io.metcd.server.vertx;

import io.metcd.base.Bytes;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Bytes that are there, in pieces that a socket takes one at a time. */
final class Slices implements Iterator<Bytes> {
    private final Bytes whole;
    private int position;

    Slices(Bytes whole) {
        this.whole = whole;
    }

    @Override
    public boolean hasNext() {
        return position < whole.size();
    }

    @Override
    public Bytes next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        int begin = position;
        position = Math.min(whole.size(), begin + LargeAnswer.PIECE_BYTES);
        return whole.slice(begin, position);
    }
}
