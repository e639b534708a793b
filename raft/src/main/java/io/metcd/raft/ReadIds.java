package io.metcd.raft;

import io.metcd.base.Invariants;
import java.util.Arrays;

/** Read ids that share one question; without a box for each. */
final class ReadIds {
    private long[] ids = new long[8];
    private int size;

    int size() {
        return size;
    }

    void add(long id) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
        }
        ids[size++] = id;
        Invariants.check(size <= ids.length, "%s ids in %s places", size, ids.length);
    }

    void answer(long index, Outbox outbox) {
        for (int i = 0; i < size; i++) {
            outbox.readStates.add(new ReadState(ids[i], index));
        }
    }

    void fail(Outbox outbox) {
        for (int i = 0; i < size; i++) {
            outbox.failedReads.add(ids[i]);
        }
    }
}
