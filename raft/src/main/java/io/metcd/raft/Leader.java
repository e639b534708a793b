package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.membership.Configuration;
import io.metcd.raft.quorum.Quorum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Orders the commands and replicates them (Raft §5.3), as long as a quorum hears it (thesis §6.2). */
final class Leader implements Room {
    private final Ground ground;
    private final LeaderReads reads;

    /** One for each other member, in the order of their ids. */
    private final List<Replication> others = new ArrayList<>();

    private Quorum quorum;

    /** Made once, not for each acknowledgement. */
    private final LongUnaryOperator matchOf = this::match;

    private final LongUnaryOperator readConfirmedOf = this::readConfirmed;

    /** The index of this leader's first entry. */
    private final long firstOwnIndex;

    private long uncommittedBytes;
    private int silentTicks;

    Leader(Ground ground, Map<Long, Message.VoteReply> votes) {
        Invariants.check(ground.ballot.vote() == ground.self(), "leader of a term with a vote for another");
        Invariants.check(ground.ballot.isDurable(), "leader by a vote that could be forgotten");
        this.ground = ground;
        this.reads = new LeaderReads(ground);
        this.quorum = ground.membership.quorum();
        followMembership();
        for (Replication other : others) {
            Message.VoteReply vote = votes.get(other.member());
            if (vote != null) {
                other.hint(vote.lastIndex(), vote.lastTerm());
            }
        }
        this.uncommittedBytes = bytesBehind(ground.log.commit());
        // Nothing of former terms is committed by counting, so there must be an entry of this one (Raft §8).
        this.firstOwnIndex = ground.log.lastIndex() + 1;
        append(Entry.Kind.NOOP, Bytes.EMPTY);
    }

    @Override
    public Role role() {
        return Role.LEADER;
    }

    @Override
    public long leader() {
        return ground.self();
    }

    /** A leader that no quorum hears would not be one any more, so there is no vote to give. */
    @Override
    public boolean isLoyal() {
        return true;
    }

    @Override
    public Room tick() {
        int patience = ground.config.electionTicks();
        if (!quorum.agrees(member -> member == ground.self() || isHeard(member, patience))) {
            ground.outbox.events.add(new RaftEvent.QuorumLost(ground.term()));
            return new Follower(ground, 0);
        }
        silentTicks++;
        boolean beat = silentTicks >= ground.config.heartbeatTicks();
        if (beat) {
            silentTicks = 0;
        }
        for (Replication other : others) {
            other.tick();
            if (beat) {
                other.heartbeat(reads.context());
            } else if (reads.isWaiting()) {
                other.repeatRead(reads.context());
            }
        }
        return this;
    }

    /** Its own entries count when they are durable, like anybody's (thesis §10.2.1). */
    @Override
    public Room durable() {
        commit();
        return this;
    }

    @Override
    public Proposal propose(List<Bytes> commands) {
        Limits limits = ground.limits();
        RaftLog log = ground.log;
        long bytes = 0;
        for (int i = 0; i < commands.size(); i++) {
            bytes += Entry.sizeBytes(commands.get(i));
        }
        boolean tailIsFull = uncommittedBytes > 0 && uncommittedBytes + bytes > limits.uncommittedBytesMax();
        if (tailIsFull || log.bytes() + bytes > limits.logBytesMax()) {
            return new Proposal.Overloaded();
        }
        long first = log.lastIndex() + 1;
        for (int i = 0; i < commands.size(); i++) {
            append(Entry.Kind.COMMAND, commands.get(i));
        }
        return new Proposal.Accepted(first, log.lastIndex(), ground.term());
    }

    @Override
    public boolean read(long readId) {
        return reads.add(readId);
    }

    @Override
    public void prepare() {
        if (quorum != ground.membership.quorum()) {
            followMembership();
        }
        // A leader does not know what is committed before it has committed an entry of its own (thesis §6.4).
        if (ground.log.commit() >= firstOwnIndex && reads.canBegin()) {
            reads.begin();
            others.forEach(other -> other.askForRead(reads.context()));
            confirmReads();
        }
        for (Replication other : others) {
            other.send();
        }
    }

    @Override
    public Room unreachable(long member) {
        for (Replication other : others) {
            if (other.member() == member) {
                other.unreachable();
            }
        }
        return this;
    }

    @Override
    public void leave() {
        reads.fail();
    }

    /** This term's vote is its own. */
    @Override
    public Room vote(Message.Vote message) {
        Voting.decide(ground, message);
        return this;
    }

    @Override
    public Room append(Message.Append message) {
        ground.refuse(message.from(), "a second leader in term " + ground.term());
        return this;
    }

    @Override
    public Room appendReply(Message.AppendReply message) {
        Replication other = other(message.from());
        if (other != null && other.appendReply(message)) {
            commit();
        }
        return this;
    }

    @Override
    public Room heartbeatReply(Message.HeartbeatReply message) {
        Replication other = other(message.from());
        if (other != null) {
            other.heartbeatReply(message);
            confirmReads();
        }
        return this;
    }

    @Override
    public Room readRequest(Message.ReadRequest message) {
        Replication other = other(message.from());
        if (other != null) {
            other.heard();
            reads.add(message.from(), message.batch());
        }
        return this;
    }

    private void append(Entry.Kind kind, Bytes data) {
        Entry entry = new Entry(ground.term(), ground.log.lastIndex() + 1, kind, data);
        ground.append(entry);
        uncommittedBytes += entry.sizeBytes();
    }

    private void commit() {
        RaftLog log = ground.log;
        long index = quorum.reached(matchOf);
        // Raft §5.4.2, fig. 8: an entry of a former term may be on a majority and be overwritten all the same.
        if (index <= log.commit() || index > log.lastIndex() || log.termAt(index) != ground.term()) {
            return;
        }
        for (long committed = log.commit() + 1; committed <= index; committed++) {
            uncommittedBytes -= log.entryAt(committed).sizeBytes();
        }
        log.commit(index);
        Invariants.check(uncommittedBytes >= 0, "%s uncommitted bytes", uncommittedBytes);
    }

    private void confirmReads() {
        if (reads.isWaiting()) {
            reads.confirmed(quorum.reached(readConfirmedOf));
        }
    }

    private long match(long member) {
        if (member == ground.self()) {
            return ground.log.durable();
        }
        Replication other = other(member);
        return other == null ? 0 : other.match();
    }

    private long readConfirmed(long member) {
        if (member == ground.self()) {
            return Long.MAX_VALUE;
        }
        Replication other = other(member);
        return other == null ? 0 : other.readConfirmed();
    }

    private boolean isHeard(long member, int patienceTicks) {
        Replication other = other(member);
        return other != null && other.heardWithin(patienceTicks);
    }

    private @Nullable Replication other(long member) {
        for (int i = 0; i < others.size(); i++) {
            if (others.get(i).member() == member) {
                return others.get(i);
            }
        }
        return null;
    }

    /** Follows the configuration in the log (Raft §6: the latest one counts, committed or not). */
    private void followMembership() {
        quorum = ground.membership.quorum();
        Configuration configuration = ground.membership.current();
        others.removeIf(other -> !configuration.contains(other.member()));
        configuration.voters().forEach(this::include);
        configuration.outgoing().forEach(this::include);
        configuration.learners().forEach(this::include);
        others.sort((one, two) -> Long.compare(one.member(), two.member()));
    }

    private void include(long member) {
        if (member != ground.self() && other(member) == null) {
            others.add(new Replication(ground, member));
        }
    }

    private long bytesBehind(long index) {
        long bytes = 0;
        for (long behind = index + 1; behind <= ground.log.lastIndex(); behind++) {
            bytes += ground.log.entryAt(behind).sizeBytes();
        }
        return bytes;
    }
}
