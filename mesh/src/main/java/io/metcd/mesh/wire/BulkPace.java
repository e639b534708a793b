package io.metcd.mesh.wire;

/**
 * How much bulk may be on its way over one link, so that what matters more never waits behind it in buffers of the
 * transport and the network, where no priority reaches.
 *
 * <p>The other end says how many bytes of bulk it has taken. From that follow what is still on its way and how long it
 * took; whatever is beyond the least time seen lately is a queue that bulk itself has built. The window is steered so
 * that this queue takes about {@link #QUEUE_NANOS} (the aim of LEDBAT, RFC 6817): it doubles with each round trip at
 * first, then grows by a chunk at most; when the queue is longer, it becomes what the line carries in the wanted time. It
 * never falls below two chunks. Not thread-safe.
 */
public final class BulkPace {
    /** What bulk may add to the way of everything else. */
    private static final long QUEUE_NANOS = 8_000_000;

    private static final long WINDOW_BYTES_MAX = 8 << 20;

    /** The least time is looked for anew after so long, since routes below us change. */
    private static final long BASE_NANOS = 30_000_000_000L;

    /** After so long without bulk, what was learned of the line is forgotten. */
    private static final long REST_NANOS = 2_000_000_000L;

    private final long leastWindowBytes;
    private long windowBytes;
    private boolean starting = true;
    /** The other end does not say what it takes. */
    private boolean free;
    /** Whether bulk has waited for the window since the last round trip: one that is not used must not grow. */
    private boolean held;

    private long leftBytes;
    private long takenBytes;
    private long lastLeftNanos;
    /** The round trip that is measured: begun with the byte after which there were so many. */
    private long probeBytes;

    private long probeNanos;
    private long baseNanos = Long.MAX_VALUE;
    private long olderBaseNanos = Long.MAX_VALUE;
    private long baseSinceNanos;

    public BulkPace(int chunkBytes) {
        leastWindowBytes = 2L * chunkBytes;
        windowBytes = leastWindowBytes;
    }

    /** Whether another frame of bulk may leave now. */
    public boolean open() {
        boolean open = free || leftBytes - takenBytes < windowBytes;
        held |= !open;
        return open;
    }

    /** A frame of bulk has left. */
    public void left(int bytes, long nowNanos) {
        if (leftBytes == takenBytes && nowNanos - lastLeftNanos > REST_NANOS) {
            windowBytes = leastWindowBytes;
            starting = true;
            held = false;
        }
        leftBytes += bytes;
        lastLeftNanos = nowNanos;
        if (probeBytes == 0) {
            probeBytes = leftBytes;
            probeNanos = nowNanos;
        }
    }

    /** The other end will never say what it has taken: bulk is not paced on its link. */
    public void untold() {
        free = true;
    }

    /**
     * The other end has taken so many bytes of bulk since the link began. Numbers that cannot be are not believed: a
     * peer that lies about them gets what it asks for on its own link, and no more.
     */
    public void taken(long totalBytes, long nowNanos) {
        if (totalBytes <= takenBytes || totalBytes > leftBytes) {
            return;
        }
        takenBytes = totalBytes;
        if (probeBytes != 0 && takenBytes >= probeBytes) {
            probeBytes = 0;
            steer(nowNanos - probeNanos, nowNanos);
        }
    }

    private void steer(long tripNanos, long nowNanos) {
        long wantedNanos = base(tripNanos, nowNanos) + QUEUE_NANOS;
        double room = (double) (wantedNanos - tripNanos) / QUEUE_NANOS;
        starting &= room > 0.5;
        if (room < 0) {
            windowBytes = (long) ((double) windowBytes * wantedNanos / tripNanos);
        } else if (held) {
            windowBytes += starting ? windowBytes : (long) (room * leastWindowBytes / 2);
        }
        windowBytes = Math.max(leastWindowBytes, Math.min(windowBytes, WINDOW_BYTES_MAX));
        held = false;
    }

    private long base(long tripNanos, long nowNanos) {
        if (nowNanos - baseSinceNanos > BASE_NANOS) {
            olderBaseNanos = baseNanos;
            baseNanos = Long.MAX_VALUE;
            baseSinceNanos = nowNanos;
        }
        baseNanos = Math.min(baseNanos, tripNanos);
        return Math.min(baseNanos, olderBaseNanos);
    }
}
