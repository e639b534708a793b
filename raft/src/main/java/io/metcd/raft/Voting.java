package io.metcd.raft;

import io.metcd.raft.log.RaftLog;

/** Answers to those who want to lead. */
final class Voting {
    private Voting() {}

    /**
     * "Would you?" is answered by the same rules as a vote, but binds nobody (thesis §9.6). The loyal do not answer:
     * who has lost the leader alone must not disturb those who have it.
     */
    static void consider(Ground ground, Message.PreVote question, boolean loyal) {
        if (question.term() < ground.term()) {
            // The asker learns the term, lest it ask for ever with one that has passed.
            reply(ground, question, false);
        } else if (!loyal) {
            reply(ground, question, ground.log.isUpToDate(question.lastIndex(), question.lastTerm()));
        }
    }

    /** The vote, for the first who asks in a term with a log that is no less complete (Raft §5.2, §5.4.1). */
    static boolean decide(Ground ground, Message.Vote candidacy) {
        boolean granted = candidacy.term() == ground.term()
                && ground.ballot.canVoteFor(candidacy.from())
                && ground.log.isUpToDate(candidacy.lastIndex(), candidacy.lastTerm());
        RaftLog log = ground.log;
        Message.VoteReply reply = new Message.VoteReply(
                ground.self(), candidacy.from(), ground.term(), granted, log.lastIndex(), log.lastTerm());
        if (granted) {
            ground.ballot.voteFor(candidacy.from());
            ground.sendWhenDurable(reply);
        } else {
            ground.sendNow(reply);
        }
        return granted;
    }

    private static void reply(Ground ground, Message.PreVote question, boolean granted) {
        ground.sendNow(
                new Message.PreVoteReply(ground.self(), question.from(), ground.term(), question.term(), granted));
    }
}
