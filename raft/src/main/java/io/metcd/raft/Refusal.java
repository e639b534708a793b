package io.metcd.raft;

/** Why a leader does not take a change of membership, a transfer, or during one a command. */
public enum Refusal {
    /** The last change is not committed, or the configuration is still joint: wait for it. */
    CHANGE_PENDING,

    /** The leader has committed nothing of its own term yet: ask again soon. */
    NOT_READY,

    /** Nothing would change; or the target of the transfer leads already. */
    SAME,

    /** No voter would be left. */
    WOULD_LOSE_VOTERS,

    /** A target is plain: the leader enters and leaves joint configurations by itself. */
    JOINT,

    /** A voter becomes a learner only in a change of its own. */
    DEMOTES_VOTER,

    /** More members than {@link io.metcd.raft.membership.Configuration} allows. */
    TOO_MANY_MEMBERS,

    /** Leadership is being transferred: ask the next leader, or again after an election time-out. */
    TRANSFERRING,

    /** The target of the transfer is not a member. */
    UNKNOWN_MEMBER,

    /** The target of the transfer is a learner, or a voter on its way out. */
    NOT_A_VOTER
}
