package io.metcd.mesh.wire;

/**
 * How much may be on its way over one link, so that heartbeats and votes never wait behind it in buffers of the transport
 * and the network, where no priority reaches. Which frames count, {@link Lane#paced} says.
 *
 * <p>The other end says how many bytes of them it has taken. From that follow what is still on its way and how long it
 * took; whatever is beyond the least time seen lately is a queue that this link itself has built, unless it passes by
 * itself: a machine that is busy makes some round trips long, a queue makes all of them long (CoDel, RFC 8289). The window
 * is steered so that this queue takes about {@link #QUEUE_NANOS} (the aim of LEDBAT, RFC 6817): it doubles
 * with each quick round trip at first, then grows by a quarter at most; when no trip of a few was quick, it becomes what
 * the line carries in the wanted time. Now and then next to nothing is let go for one round trip, to see how long the line takes without a queue of ours
 * (as BBR does). Not thread-safe.
 */
public final class LinkPace {
    /** What may be added to the way of everything else. */
    private static final long QUEUE_NANOS = 10_000_000;

    private static final long WINDOW_BYTES_MAX = 8 << 20;

    /** What has been taken is told each time when another part is full, of which both ends must think alike. */
    private static final long PART_BYTES = 8 << 10;

    /** Round trips of which one must be quick. */
    private static final int ROUND = 4;

    /** The time without a queue is looked for anew after so long, since routes below us change. */
    private static final long BASE_NANOS = 10_000_000_000L;

    /** After so long without anything, what was learned of the line's breadth is forgotten. */
    private static final long REST_NANOS = 2_000_000_000L;

    private final long chunkBytes;
    private long windowBytes;
    private boolean starting = true;
    /** The other end does not say what it takes. */
    private boolean free;
    /** Whether something has waited for the window since the last round trip: one that is not used must not grow. */
    private boolean held;

    private long leftBytes;
    private long takenBytes;
    private long lastLeftNanos;
    /**
     * The round trip that is measured: begun with the byte after which there were so many, which has a full window before
     * it, or next to nothing.
     */
    private long probeBytes;

    private long probeNanos;
    private boolean probeAlone;

    private int trips;
    private long quickestNanos = Long.MAX_VALUE;
    private long baseNanos = Long.MAX_VALUE;
    private long baseAtNanos;
    /** Next to nothing is let go until a trip has been measured alone. */
    private boolean draining = true;

    public LinkPace(int chunkBytes) {
        this.chunkBytes = chunkBytes;
        this.windowBytes = 2L * chunkBytes;
    }

    /** Whether the other end waits to be told that what was taken has grown so: of small frames, only when they are many. */
    public static boolean tells(long beforeBytes, long afterBytes) {
        return beforeBytes / PART_BYTES != afterBytes / PART_BYTES;
    }

    /** Whether another paced frame may leave now; asked when something waits. */
    public boolean open() {
        boolean open = free || !full();
        held |= !open;
        return open;
    }

    private boolean full() {
        long room = draining ? 0 : windowBytes - chunkBytes + 1;
        return leftBytes - takenBytes >= Math.max(PART_BYTES, room);
    }

    /** What may be on its way, in bytes. */
    long windowBytes() {
        return windowBytes;
    }

    /** A paced frame has left. */
    public void left(int bytes, long nowNanos) {
        long ahead = leftBytes - takenBytes;
        if (ahead == 0 && nowNanos - lastLeftNanos > REST_NANOS) {
            windowBytes = 2 * chunkBytes;
            starting = true;
            begin();
        }
        long before = leftBytes;
        leftBytes += bytes;
        lastLeftNanos = nowNanos;
        boolean telling = draining ? ahead < PART_BYTES : full();
        if (probeBytes == 0 && telling && tells(before, leftBytes)) {
            probeBytes = leftBytes;
            probeNanos = nowNanos;
            probeAlone = draining;
        }
    }

    /** The other end will never say what it has taken: nothing is paced on its link. */
    public void untold() {
        free = true;
    }

    /**
     * The other end has taken so many bytes since the link began. Numbers that cannot be are not believed: a peer that
     * lies about them gets what it asks for on its own link, and no more.
     */
    public void taken(long totalBytes, long nowNanos) {
        if (totalBytes <= takenBytes || totalBytes > leftBytes) {
            return;
        }
        takenBytes = totalBytes;
        if (probeBytes != 0 && takenBytes >= probeBytes) {
            probeBytes = 0;
            measured(nowNanos - probeNanos, nowNanos);
        }
    }

    private void measured(long tripNanos, long nowNanos) {
        if (tripNanos <= baseNanos || (draining && probeAlone)) {
            baseNanos = tripNanos;
            baseAtNanos = nowNanos;
        }
        draining = nowNanos - baseAtNanos > BASE_NANOS;
        if (!probeAlone) {
            steer(tripNanos, baseNanos + QUEUE_NANOS);
            windowBytes = Math.max(chunkBytes, Math.min(windowBytes, WINDOW_BYTES_MAX));
        }
    }

    private void steer(long tripNanos, long wantedNanos) {
        quickestNanos = Math.min(quickestNanos, tripNanos);
        trips++;
        if (tripNanos < wantedNanos) {
            double room = (double) (wantedNanos - tripNanos) / QUEUE_NANOS;
            boolean empty = room > 0.5;
            windowBytes += held ? (long) (windowBytes * (starting && empty ? 1 : room / 4)) : 0;
            starting &= empty;
            begin();
        } else if (trips == ROUND) {
            windowBytes = (long) ((double) windowBytes * wantedNanos / quickestNanos);
            starting = false;
            begin();
        }
    }

    private void begin() {
        trips = 0;
        quickestNanos = Long.MAX_VALUE;
        held = false;
    }
}
