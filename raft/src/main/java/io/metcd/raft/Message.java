package io.metcd.raft;

import static java.util.Objects.requireNonNull;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import java.util.List;

/**
 * What members say to each other. Any message may be lost, repeated, delayed or overtaken: each one states facts that
 * stay true, and every dialogue is retried by the side that waits.
 */
public sealed interface Message {
    long from();

    long to();

    /** The sender's term. */
    long term();

    /**
     * Only the newest message with the same non-zero key needs to wait in a queue for a peer: it says all that the
     * older ones say. 0: every one counts.
     */
    default int supersedes() {
        return 0;
    }

    /** Calls the case for this message. */
    <R> R accept(Cases<R> cases);

    /** One method for each message: a new one breaks the compilation of all who must know it. */
    interface Cases<R> {
        R preVote(PreVote message);

        R preVoteReply(PreVoteReply message);

        R vote(Vote message);

        R voteReply(VoteReply message);

        R append(Append message);

        R appendReply(AppendReply message);

        R heartbeat(Heartbeat message);

        R heartbeatReply(HeartbeatReply message);

        R readRequest(ReadRequest message);

        R readReply(ReadReply message);

        R snapshotOffer(SnapshotOffer message);

        R timeoutNow(TimeoutNow message);
    }

    /** "Would you vote for me in the next term?" Changes nobody's term (thesis §9.6). */
    record PreVote(long from, long to, long term, long lastIndex, long lastTerm) implements Message {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.preVote(this);
        }
    }

    /**
     * The answer.
     *
     * @param campaign the term of the question
     */
    record PreVoteReply(long from, long to, long term, long campaign, boolean granted) implements Message {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.preVoteReply(this);
        }
    }

    /**
     * "I stand for this term": RequestVote of Raft fig. 2.
     *
     * @param transfer the leader itself has asked for it: loyalty to it does not forbid a vote (thesis §4.2.3)
     */
    record Vote(long from, long to, long term, long lastIndex, long lastTerm, boolean transfer) implements Message {
        public Vote(long from, long to, long term, long lastIndex, long lastTerm) {
            this(from, to, term, lastIndex, lastTerm, false);
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.vote(this);
        }
    }

    /** The answer; where the voter's log ends tells a new leader where to begin. */
    record VoteReply(long from, long to, long term, boolean granted, long lastIndex, long lastTerm) implements Message {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.voteReply(this);
        }
    }

    /**
     * The leader's entries behind {@code prevIndex}; without entries, a question or a notice of what is committed.
     *
     * @param sequence counts the appends of one leader to one follower in the order of sending
     * @param commit the leader's; the follower commits no more of it than it has verified
     * @param resent because it seemed lost: the follower reports it when it was not
     */
    record Append(
            long from,
            long to,
            long term,
            long sequence,
            long prevIndex,
            long prevTerm,
            long commit,
            boolean resent,
            List<Entry> entries)
            implements Message {
        public Append {
            entries = List.copyOf(entries);
            Invariants.check(prevIndex >= 0 && prevTerm >= 0, "append behind %s/%s", prevTerm, prevIndex);
            long index = prevIndex;
            long entryTerm = prevTerm;
            for (int i = 0; i < entries.size(); i++) {
                Entry entry = entries.get(i);
                Invariants.check(entry.index() == ++index, "entry %s in the place of %s", entry.index(), index);
                Invariants.check(entry.term() >= entryTerm, "term %s behind %s", entry.term(), entryTerm);
                entryTerm = entry.term();
            }
            Invariants.check(entryTerm <= term, "an entry of term %s from a leader of term %s", entryTerm, term);
        }

        public long lastIndex() {
            return prevIndex + entries.size();
        }

        @Override
        public int supersedes() {
            return entries.isEmpty() ? 1 : 0;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.append(this);
        }
    }

    /**
     * What a follower has: an answer to all appends up to a sequence number.
     *
     * @param sequence the highest received
     * @param match everything up to here is the leader's and durable
     * @param commit what the follower knows to be committed
     * @param lastIndex the follower's last entry, or where it agrees at most when {@code conflict}
     * @param lastTerm the term of that entry
     * @param conflict an append's previous entry was not the leader's
     * @param received the highest index that has arrived, in the log or ahead of it
     * @param missing what has not arrived below {@code received}
     * @param unneeded the sequence number of a resent append that was not lost; 0 for none
     */
    record AppendReply(
            long from,
            long to,
            long term,
            long sequence,
            long match,
            long commit,
            long lastIndex,
            long lastTerm,
            boolean conflict,
            long received,
            List<Hole> missing,
            long unneeded)
            implements Message {
        public AppendReply {
            missing = List.copyOf(missing);
        }

        @Override
        public int supersedes() {
            return conflict ? 0 : missing.isEmpty() ? 2 : 3;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.appendReply(this);
        }
    }

    /** Indexes that have not arrived, both ends included. */
    record Hole(long first, long last) {
        public Hole {
            Invariants.check(first > 0 && first <= last, "hole %s..%s", first, last);
        }
    }

    /**
     * "I lead."
     *
     * @param commit min(match, commit): never more than the follower is known to have
     * @param readContext to be echoed: confirms all reads up to this number
     */
    record Heartbeat(long from, long to, long term, long commit, long readContext) implements Message {
        @Override
        public int supersedes() {
            return 4;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.heartbeat(this);
        }
    }

    /** "You lead", or with a higher term: "no longer". */
    record HeartbeatReply(long from, long to, long term, long commit, long readContext) implements Message {
        @Override
        public int supersedes() {
            return 5;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.heartbeatReply(this);
        }
    }

    /** A follower asks the leader for a read index, for all its reads up to this batch. */
    record ReadRequest(long from, long to, long term, long batch) implements Message {
        @Override
        public int supersedes() {
            return 6;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.readRequest(this);
        }
    }

    /** The reads up to this batch are linearizable at {@code index}. */
    record ReadReply(long from, long to, long term, long batch, long index) implements Message {
        @Override
        public int supersedes() {
            return 7;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.readReply(this);
        }
    }

    /**
     * The entries that the follower needs are gone: it must fetch a state, from whoever holds one.
     *
     * @param leastIndex behind it the leader's log goes on: an older state would be of no use
     * @param snapshotIndex the leader itself has this one
     */
    record SnapshotOffer(
            long from,
            long to,
            long term,
            long leastIndex,
            long snapshotIndex,
            long snapshotTerm,
            Configuration configuration)
            implements Message {
        public SnapshotOffer {
            requireNonNull(configuration);
        }

        @Override
        public int supersedes() {
            return 8;
        }

        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.snapshotOffer(this);
        }
    }

    /** "Stand for election at once": the leader's last word to whom it hands over (thesis §3.10). */
    record TimeoutNow(long from, long to, long term) implements Message {
        @Override
        public <R> R accept(Cases<R> cases) {
            return cases.timeoutNow(this);
        }
    }
}
