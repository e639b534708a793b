package io.metcd.mesh;

/** What became of a datagram at its origin. Only {@link #SENT} promises an attempt, and nothing promises delivery. */
public enum SendOutcome {
    /** Queued on the first link of its route, or delivered at once to this peer itself. */
    SENT,
    /** The peer is known, and no two-way path leads to it now. */
    NO_ROUTE,
    /** The queue of its class is full, or the mesh's byte budget is. */
    WOULD_BLOCK,
    /** Above the profile's datagram maximum. */
    TOO_LARGE,
    /** No record of this peer exists. */
    PEER_GONE
}
