package io.metcd.node;

/** Why a request was not answered. Unless it says otherwise, a command may have taken effect, or still will once. */
public enum Failure {
    /** No leader is known, so nothing was tried. */
    NO_LEADER,
    /** The leader changed while a read waited; it may be tried again. */
    LEADER_CHANGED,
    TIMED_OUT,
    /** Timed out, and a new leader was elected shortly after the request began. */
    TIMED_OUT_LEADER_FAIL,
    /** Timed out, and since the request began the way to the leader or to a quorum has been broken. */
    TIMED_OUT_CONNECTION_LOST,
    /** Timed out on the leader, which lagged with applying what it had committed. */
    TIMED_OUT_APPLYING,
    /** A bound was reached: nothing was tried. */
    TOO_MANY_REQUESTS,
    /** The member stops: what was under way may still take effect. */
    STOPPED,
    /** Another cluster of the same name that was founded earlier can be reached: nothing was tried. */
    YIELDS,
    /** The member has no cluster yet: nothing was tried. Its status says what it waits for. */
    NOT_READY
}
