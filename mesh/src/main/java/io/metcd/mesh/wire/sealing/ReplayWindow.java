package io.metcd.mesh.wire.sealing;

import java.util.Arrays;

/**
 * Which counters of one direction have been taken (RFC 4303, section 3.4.3): each is taken once, in any order within
 * the window behind the highest, and none from before it.
 */
public final class ReplayWindow {
    /** Wide, since what waited at a relay behind more urgent frames comes late. */
    public static final int SIZE = 32_768;

    /** The bit of counter c is bit c modulo the size. Invariant: bits outside of the window are clear. */
    private final long[] taken = new long[SIZE / Long.SIZE];

    private long highest;

    /** True the first time; call it only for counters that a key has vouched for. */
    public boolean take(long counter) {
        if (counter <= 0 || counter <= highest - SIZE) {
            return false;
        }
        if (counter > highest) {
            slideTo(counter);
        }
        int bit = (int) (counter % SIZE);
        long mask = 1L << (bit % Long.SIZE);
        boolean first = (taken[bit / Long.SIZE] & mask) == 0;
        taken[bit / Long.SIZE] |= mask;
        return first;
    }

    /** Counts how many enter and not up to the counter, which may be the last that there is. */
    private void slideTo(long counter) {
        if (counter - highest >= SIZE) {
            Arrays.fill(taken, 0);
        } else {
            for (long entering = counter - highest; entering > 0; entering--) {
                int bit = (int) ((highest + entering) % SIZE);
                taken[bit / Long.SIZE] &= ~(1L << (bit % Long.SIZE));
            }
        }
        highest = counter;
    }
}
