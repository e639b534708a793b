package io.metcd.node;

import java.util.ArrayList;
import java.util.List;

/**
 * The one way into a replica from other threads. Letters are opened on the replica's thread in the order in which they
 * came.
 *
 * <p>What the world sends (requests, packets) is bounded and may be refused; what answers the replica's own calls is
 * not, because there are never more answers than calls.
 */
final class Mailbox {
    /** Something to be done on the replica's thread. */
    interface Letter {
        void open();
    }

    private final Object lock = new Object();
    private final int capacity;
    private final Runnable wakeup;
    private boolean closed;
    private List<Letter> arriving = new ArrayList<>();
    private List<Letter> spare = new ArrayList<>();

    Mailbox(int capacity, Runnable wakeup) {
        this.capacity = capacity;
        this.wakeup = wakeup;
    }

    /** A packet; false when the mailbox is full or closed. */
    boolean offer(Letter letter) {
        return offer(letter, capacity);
    }

    /** A client's request; false when the mailbox is closed, or so full that packets need what is left of it. */
    boolean request(Letter letter) {
        return offer(letter, capacity - capacity / 4);
    }

    private boolean offer(Letter letter, int limit) {
        boolean first;
        synchronized (lock) {
            if (closed || arriving.size() >= limit) {
                return false;
            }
            first = arriving.isEmpty();
            arriving.add(letter);
        }
        if (first) {
            wakeup.run();
        }
        return true;
    }

    /** An answer to what this replica has asked for; of no use to a closed one. */
    void post(Letter letter) {
        boolean first;
        synchronized (lock) {
            if (closed) {
                return;
            }
            first = arriving.isEmpty();
            arriving.add(letter);
        }
        if (first) {
            wakeup.run();
        }
    }

    /** Takes nothing more; what has arrived can still be opened. */
    void close() {
        synchronized (lock) {
            closed = true;
        }
    }

    boolean isClosed() {
        synchronized (lock) {
            return closed;
        }
    }

    boolean isEmpty() {
        synchronized (lock) {
            return arriving.isEmpty();
        }
    }

    /** Opens what has arrived until now; on the replica's thread only. Returns how many letters there were. */
    int openAll() {
        List<Letter> batch;
        synchronized (lock) {
            batch = arriving;
            arriving = spare;
        }
        for (Letter letter : batch) {
            letter.open();
        }
        int opened = batch.size();
        batch.clear();
        spare = batch;
        return opened;
    }
}
