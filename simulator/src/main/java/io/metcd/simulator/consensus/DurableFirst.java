package io.metcd.simulator.consensus;

import io.metcd.base.Invariants;
import io.metcd.raft.HardState;
import io.metcd.raft.Message;

/**
 * Nothing is promised that a crash could take back: a candidacy, a vote, a leader's word or an acknowledgement leaves
 * only when it is durable (Raft paper, figure 2, "updated on stable storage before responding to RPCs"). A refusal and
 * an echo promise nothing, and may leave in a term that is not durable yet.
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
        Invariants.check(
                !promises(message) || state.term() >= message.term(),
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

    private static boolean promises(Message message) {
        return message instanceof Message.Vote
                || (message instanceof Message.VoteReply vote && vote.granted())
                || message instanceof Message.Append
                || (message instanceof Message.AppendReply reply && reply.match() > 0)
                || message instanceof Message.Heartbeat;
    }
}
