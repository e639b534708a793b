package io.metcd.mesh;

import io.metcd.base.Bytes;

/** How a call ended; exactly one outcome comes per call. */
public sealed interface CallOutcome {
    /** The responder's answer. */
    record Reply(Bytes payload) implements CallOutcome {}

    /** No answer came; unless {@code reason} says otherwise the request may still have taken effect. */
    record Failed(Reason reason, String detail) implements CallOutcome {}

    /** Why no answer came. */
    enum Reason {
        /** Never sent: no two-way path. */
        NO_ROUTE,
        /** Never sent: a queue is full. */
        WOULD_BLOCK,
        /** Never sent: above the datagram maximum. */
        TOO_LARGE,
        /** The peer is unknown, or became unreachable while the call was out. */
        PEER_GONE,
        /** Never sent: the bound on outstanding calls is reached. */
        TOO_MANY_CALLS,
        /** The deadline passed. */
        TIMED_OUT,
        /** The other side has no responder on this channel, or refused; {@code detail} says why. */
        REFUSED,
        /** This mesh was stopped. */
        STOPPED
    }
}
