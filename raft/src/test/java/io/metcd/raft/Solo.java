package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.raft.membership.Configuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** One member among silent others: the test speaks for them. Its disk takes no time. */
final class Solo {
    static final int HEARTBEAT = 2;
    static final int ELECTION = 10;

    final Raft raft;

    /** What it has sent and the test has not looked at. */
    private final List<Message> sent = new ArrayList<>();

    final List<Entry> applied = new ArrayList<>();

    private Solo(RaftConfig config, RaftStart start, long seed) {
        raft = new Raft(config, start, RandomSource.seeded(seed));
    }

    /** Member 1 of 1 to {@code size}, in a term, with durable entries of the given terms. */
    static Solo of(int size, long term, long... logTerms) {
        return seeded(1, size, term, logTerms);
    }

    static Solo seeded(long seed, int size, long term, long... logTerms) {
        List<Entry> entries = entries(1, logTerms);
        RaftStart start = new RaftStart(new HardState(term, 0, 0), 0, 0, Optional.empty(), entries);
        return new Solo(config(size), start, seed);
    }

    /** A member that keeps promises for lease reads. */
    static Solo leased(int size, long term) {
        RaftStart start = new RaftStart(new HardState(term, 0, 0), 0, 0, Optional.empty(), List.of());
        return new Solo(config(size).withLeaseReads(), start, 1);
    }

    private static RaftConfig config(int size) {
        long[] members = LongStream.rangeClosed(1, size).toArray();
        return new RaftConfig(1, Configuration.of(members), HEARTBEAT, ELECTION, Limits.DEFAULT);
    }

    static List<Entry> entries(long firstIndex, long... terms) {
        List<Entry> entries = new ArrayList<>();
        for (long term : terms) {
            long index = firstIndex + entries.size();
            entries.add(new Entry(term, index, Entry.Kind.COMMAND, Bytes.utf8(term + "." + index)));
        }
        return entries;
    }

    /** Hands in a message and does what comes of it. */
    Solo step(Message message) {
        raft.step(message);
        return work();
    }

    Solo tick(int times) {
        for (int i = 0; i < times; i++) {
            raft.tick();
        }
        return work();
    }

    Solo propose(String... commands) {
        raft.propose(List.of(commands).stream().map(Bytes::utf8).toList());
        return work();
    }

    /** Does all Readys. */
    Solo work() {
        while (raft.hasReady()) {
            Ready ready = raft.ready();
            sent.addAll(ready.sendNow());
            ready.durable().ifPresent(raft::advance);
            sent.addAll(ready.sendWhenDurable());
            if (!ready.committed().isEmpty()) {
                applied.addAll(ready.committed());
                raft.advance(new Applied(applied.get(applied.size() - 1).index()));
            }
        }
        return this;
    }

    /** Ticks until it has asked everybody whether it should stand. */
    Solo askForVotes() {
        for (int i = 0; i < 3 * ELECTION && raft.status().role() == Role.FOLLOWER; i++) {
            raft.tick();
        }
        return work();
    }

    /** Makes it stand: everybody says that it should. */
    Solo stand() {
        askForVotes();
        for (long other = 2; raft.status().role() == Role.PRE_CANDIDATE; other++) {
            step(new Message.PreVoteReply(
                    other, 1, raft.status().term(), raft.status().term(), true));
        }
        return this;
    }

    /** Makes it the leader, by the votes of as many as are needed, whose logs are empty. */
    Solo lead() {
        stand();
        for (long other = 2; raft.status().role() == Role.CANDIDATE; other++) {
            step(new Message.VoteReply(other, 1, raft.status().term(), true, 0, 0));
        }
        return this;
    }

    /** All messages of a kind since the last call of this, oldest first; the others are forgotten. */
    <M extends Message> List<M> sent(Class<M> kind) {
        List<M> found = sent.stream().filter(kind::isInstance).map(kind::cast).toList();
        sent.clear();
        return found;
    }

    Role role() {
        return raft.status().role();
    }

    long term() {
        return raft.status().term();
    }

    List<Long> logTerms() {
        List<Long> terms = new ArrayList<>();
        for (long index = raft.log().firstIndex(); index <= raft.log().lastIndex(); index++) {
            terms.add(raft.log().termAt(index));
        }
        return terms;
    }

    /** Another member's answer that it has all up to {@code match}. */
    Message.AppendReply acknowledge(long from, long match) {
        long term = raft.log().termAt(match);
        return new Message.AppendReply(from, 1, term(), 1, match, 0, match, term, false, match, List.of(), 0);
    }
}
