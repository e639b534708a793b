package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.raft.membership.Configuration;
import java.util.List;

/**
 * One role. Every method that may end the role returns the next one, or itself. Messages come here with the current
 * term only; those that mean nothing to a role are ignored by default.
 */
sealed interface Room extends Message.Cases<Room> permits Follower, Candidate, Leader {
    Role role();

    /** The leader of this term, 0 when unknown. */
    long leader();

    /** True while a leader is or may be in charge: then nobody gets a vote (thesis §6.2, §9.6). */
    boolean isLoyal();

    Room tick();

    /** Something has become durable. */
    default Room durable() {
        return this;
    }

    default Proposal propose(List<Bytes> commands) {
        return new Proposal.NotLeader(leader());
    }

    default Proposal proposeConfiguration(Configuration target, Bytes payload) {
        return new Proposal.NotLeader(leader());
    }

    default Transfer transfer(long target) {
        return new Transfer.NotLeader(leader());
    }

    /** False when refused. */
    default boolean read(long readId) {
        return false;
    }

    /** Puts into the outbox what is said once for all that has come in. */
    default void prepare() {}

    default Room unreachable(long member) {
        return this;
    }

    /** Time has passed unseen. */
    default void stalled() {}

    /** The pace has changed. */
    default void paced() {}

    /** 0: leadership is not being transferred. */
    default long transferTarget() {
        return 0;
    }

    /** Of the others, as a leader knows it. */
    default List<MemberProgress> progress() {
        return List.of();
    }

    /** The role ends. */
    default void leave() {}

    @Override
    default Room preVote(Message.PreVote message) {
        return this;
    }

    @Override
    default Room preVoteReply(Message.PreVoteReply message) {
        return this;
    }

    @Override
    default Room vote(Message.Vote message) {
        return this;
    }

    @Override
    default Room voteReply(Message.VoteReply message) {
        return this;
    }

    @Override
    default Room append(Message.Append message) {
        return this;
    }

    @Override
    default Room appendReply(Message.AppendReply message) {
        return this;
    }

    @Override
    default Room heartbeat(Message.Heartbeat message) {
        return this;
    }

    @Override
    default Room heartbeatReply(Message.HeartbeatReply message) {
        return this;
    }

    @Override
    default Room readRequest(Message.ReadRequest message) {
        return this;
    }

    @Override
    default Room readReply(Message.ReadReply message) {
        return this;
    }

    @Override
    default Room snapshotOffer(Message.SnapshotOffer message) {
        return this;
    }

    @Override
    default Room timeoutNow(Message.TimeoutNow message) {
        return this;
    }
}
