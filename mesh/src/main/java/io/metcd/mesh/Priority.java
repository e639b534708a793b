package io.metcd.mesh;

/** The four classes of traffic; each link queues them apart, so that none waits behind a slower one. */
public enum Priority {
    /** The mesh's own, no channel's: heartbeats, records, route errors. Strictly first, within a small share of the link. */
    CONTROL(0),
    /** Votes, appends, acknowledgements. When its queue is full, the oldest frames are dropped. */
    CONSENSUS(1),
    /** Forwarded client calls. When its queue is full, the sender is told. */
    DATA(2),
    /** Snapshots and other bulk. When its queue is full, the sender is told. */
    BULK(3);

    private static final Priority[] ALL = values();

    private final int code;

    Priority(int code) {
        this.code = code;
    }

    /** What frames carry; also the index of the class in arrays by class. */
    public int code() {
        return code;
    }

    /** This class; {@link IllegalArgumentException} for CONTROL, in which no channel may speak. */
    public Priority ofDatagrams() {
        if (this == CONTROL) {
            throw new IllegalArgumentException("class CONTROL is the mesh's own: send as CONSENSUS");
        }
        return this;
    }

    /** The number of classes. */
    public static int count() {
        return ALL.length;
    }

    /** The class with this code. */
    public static Priority at(int code) {
        return ALL[code];
    }
}
