package io.metcd.raft;

/** What a member is at the moment (Raft §5.1; the pre-candidate is thesis §9.6). */
public enum Role {
    FOLLOWER,
    PRE_CANDIDATE,
    CANDIDATE,
    LEADER
}
