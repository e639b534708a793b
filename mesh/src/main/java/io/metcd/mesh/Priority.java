package io.metcd.mesh;

/** The four classes of traffic; each link queues them apart, so that none waits behind a slower one. */
public enum Priority {
    /** The mesh's own: heartbeats, records, route errors. Strictly first, within a small share of the link. */
    CONTROL,
    /** Votes, appends, acknowledgements. When its queue is full, the oldest frames are dropped. */
    CONSENSUS,
    /** Forwarded client calls. When its queue is full, the sender is told. */
    DATA,
    /** Snapshots and other bulk. When its queue is full, the sender is told. */
    BULK;

    private static final Priority[] ALL = values();

    /** The number of classes. */
    public static int count() {
        return ALL.length;
    }

    /** The class with this ordinal, as frames carry it. */
    public static Priority at(int ordinal) {
        return ALL[ordinal];
    }
}
