package io.metcd.node;

/** What became of the wish to begin a new cluster with what a member holds. */
public enum Refounded {
    DONE,
    /** The cluster has a leader: nothing is lost. */
    NOT_NEEDED,
    /** The member keeps its data: it is stopped, and started with --force-new-cluster. */
    DURABLE,
    /** The member has no state that a cluster could begin with. */
    NO_STATE
}
