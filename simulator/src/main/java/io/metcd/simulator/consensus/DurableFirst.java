package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.HardState;
import io.metcd.raft.Message;

/**
 * Nothing is said that a crash could take back: a vote, a term or an acknowledgement leaves only when it is durable
 * (Raft paper, figure 2, "updated on stable storage before responding to RPCs").
 */
final class DurableFirst {
    private DurableFirst() {}

    /**
     * A message leaves.
     *
     * @param matchTerm for an acknowledgement, the term of the entry at its match when it was made
     */
    static void leaves(Message message, long matchTerm, HostDisk disk) {
        HardState state = disk.hardState();
        if (message instanceof Message.PreVote || message instanceof Message.PreVoteReply) {
            return;
        }
        Invariants.check(
                state.term() >= message.term(),
                "durable first: %s leaves in term %s before it is durable",
                message,
                message.term());
        if (message instanceof Message.Vote vote && state.term() == vote.term()) {
            Invariants.check(state.vote() == vote.from(), "durable first: %s leaves before the own vote", vote);
        } else if (message instanceof Message.VoteReply reply && reply.granted() && state.term() == reply.term()) {
            Invariants.check(state.vote() == reply.to(), "durable first: %s leaves before the vote", reply);
        } else if (message instanceof Message.AppendReply reply && reply.match() > 0) {
            Invariants.check(
                    disk.holds(reply.match(), matchTerm),
                    "durable first: %s leaves, but the disk ends at %s",
                    reply,
                    disk.last());
        }
    }
}
