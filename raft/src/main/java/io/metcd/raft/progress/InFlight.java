package io.metcd.raft.progress;

import io.metcd.base.Invariants;
import org.jspecify.annotations.Nullable;

/**
 * The appends that one follower has not acknowledged, in the order of sending.
 *
 * <p>Invariant: ascending by sequence number. The bounds are soft by one append, which may be larger than they allow.
 */
public final class InFlight {
    private final int messagesMax;
    private final long bytesMax;
    private @Nullable Sent[] sent = new Sent[8];
    private int size;
    private long bytes;

    public InFlight(int messagesMax, long bytesMax) {
        this.messagesMax = messagesMax;
        this.bytesMax = bytesMax;
    }

    public int size() {
        return size;
    }

    public boolean hasRoom() {
        return size < messagesMax && bytes < bytesMax;
    }

    /** The n-th in the order of sending. */
    public Sent get(int n) {
        Invariants.check(n < size, "append %s of %s", n, size);
        Sent one = sent[n];
        if (one == null) {
            throw new Invariants.Violation("a gap in the window");
        }
        return one;
    }

    public void add(Sent one) {
        Invariants.check(
                size == 0 || get(size - 1).sequence() < one.sequence(), "append %s sent again", one.sequence());
        if (size == sent.length) {
            @Nullable Sent[] larger = new Sent[size * 2];
            System.arraycopy(sent, 0, larger, 0, size);
            sent = larger;
        }
        sent[size++] = one;
        bytes += one.bytes();
    }

    /** Takes the n-th out: it is going to be sent again. */
    public Sent remove(int n) {
        Sent one = get(n);
        System.arraycopy(sent, n + 1, sent, n, size - n - 1);
        sent[--size] = null;
        bytes -= one.bytes();
        Invariants.check(bytes >= 0, "%s bytes in flight", bytes);
        return one;
    }

    /** Everything up to this index has arrived and is durable. */
    public void acknowledged(long match) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Sent one = get(i);
            if (one.last() <= match) {
                bytes -= one.bytes();
            } else {
                sent[kept++] = one;
            }
        }
        while (size > kept) {
            sent[--size] = null;
        }
        Invariants.check(bytes >= 0, "%s bytes in flight", bytes);
    }

    public void clear() {
        while (size > 0) {
            sent[--size] = null;
        }
        bytes = 0;
    }

    /** The one with the lowest index: what the follower needs first. */
    public int lowest() {
        Invariants.check(size > 0, "nothing in flight");
        int lowest = 0;
        for (int i = 1; i < size; i++) {
            if (get(i).first() < get(lowest).first()) {
                lowest = i;
            }
        }
        return lowest;
    }

    /** The place of an append by its sequence number; {@code size()} when it is not here. */
    public int find(long sequence) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (get(middle).sequence() < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < size && get(low).sequence() == sequence ? low : size;
    }
}
