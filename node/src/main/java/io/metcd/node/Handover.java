package io.metcd.node;

/** What became of the wish that another member lead. */
public enum Handover {
    /** It leads. */
    DONE,
    /** The member that was asked does not lead, so that it has nothing to hand over. */
    NOT_LEADER,
    /** No voter of the cluster. */
    BAD_TARGET,
    /** It did not come to lead in time; it still may. */
    TIMED_OUT,
    /** The member that was asked stops, or has no cluster. */
    STOPPED
}
