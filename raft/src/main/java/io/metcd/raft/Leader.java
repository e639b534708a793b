package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.raft.codec.ConfigurationCodec;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.membership.Change;
import io.metcd.raft.membership.Configuration;
import io.metcd.raft.membership.Reconfiguration;
import io.metcd.raft.quorum.Quorum;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Orders the commands and replicates them (Raft §5.3), as long as a quorum hears it (thesis §6.2). */
final class Leader implements Room {
    private final Ground ground;
    private final LeaderReads reads;
    private final Peers others;
    private final Handover handover;
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
        this.handover = new Handover(ground);
        this.quorum = ground.membership.quorum();
        this.others = new Peers(ground);
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
        if (!quorum.agrees(this::isHeard)) {
            ground.outbox.events.add(new RaftEvent.QuorumLost(ground.term()));
            return new Follower(ground, 0);
        }
        silentTicks++;
        boolean beat = silentTicks >= ground.heartbeatTicks;
        if (beat) {
            silentTicks = 0;
            if (ground.config.leaseReads()) {
                reads.renew();
            }
        }
        handover.tick();
        for (Replication other : others) {
            other.tick();
            if (beat) {
                other.heartbeat(reads.context());
            } else if (reads.isWaiting()) {
                other.repeatRead(reads.context());
            }
        }
        others.dismiss();
        return this;
    }

    /** Its own entries count when they are durable, like anybody's (thesis §10.2.1). */
    @Override
    public Room durable() {
        return commit();
    }

    @Override
    public Proposal propose(List<Bytes> commands) {
        if (handover.isUnderWay()) {
            return new Proposal.Refused(Refusal.TRANSFERRING);
        }
        long bytes = 0;
        for (int i = 0; i < commands.size(); i++) {
            bytes += Entry.sizeBytes(commands.get(i));
        }
        if (!hasRoom(bytes)) {
            return new Proposal.Overloaded();
        }
        long first = ground.log.lastIndex() + 1;
        for (int i = 0; i < commands.size(); i++) {
            append(Entry.Kind.COMMAND, commands.get(i));
        }
        return new Proposal.Accepted(first, ground.log.lastIndex(), ground.term());
    }

    @Override
    public Proposal proposeConfiguration(Configuration target, Bytes payload) {
        Configuration now = ground.membership.current();
        Optional<Refusal> objection = handover.isUnderWay()
                ? Optional.of(Refusal.TRANSFERRING)
                : objection().or(() -> Reconfiguration.objection(now, target));
        if (objection.isPresent()) {
            return new Proposal.Refused(objection.get());
        }
        Bytes data = ConfigurationCodec.encodeChange(new Change(Reconfiguration.enter(now, target), payload));
        if (!hasRoom(Entry.sizeBytes(data))) {
            return new Proposal.Overloaded();
        }
        append(Entry.Kind.CONFIGURATION, data);
        long index = ground.log.lastIndex();
        return new Proposal.Accepted(index, index, ground.term());
    }

    /**
     * One change after the other, and none before a commitment of the own term: else two leaders could each append one
     * to the same former configuration, and the majorities of the two need have no member in common (thesis §4.1, and
     * its erratum).
     */
    private Optional<Refusal> objection() {
        if (ground.log.commit() < firstOwnIndex) {
            return Optional.of(Refusal.NOT_READY);
        }
        return ground.isChangePending() ? Optional.of(Refusal.CHANGE_PENDING) : Optional.empty();
    }

    private boolean hasRoom(long bytes) {
        Limits limits = ground.limits();
        boolean tailIsFull = uncommittedBytes > 0 && uncommittedBytes + bytes > limits.uncommittedBytesMax();
        return !tailIsFull && ground.log.bytes() + bytes <= limits.logBytesMax();
    }

    @Override
    public Transfer transfer(long target) {
        Configuration configuration = ground.membership.current();
        if (target == ground.self()) {
            return new Transfer.Refused(Refusal.SAME);
        }
        if (!configuration.contains(target)) {
            return new Transfer.Refused(Refusal.UNKNOWN_MEMBER);
        }
        if (!configuration.voters().contains(target)) {
            return new Transfer.Refused(Refusal.NOT_A_VOTER);
        }
        handover.begin(target);
        return new Transfer.Begun(target, ground.term());
    }

    @Override
    public long transferTarget() {
        return handover.target();
    }

    @Override
    public List<MemberProgress> progress() {
        return others.progress();
    }

    @Override
    public boolean read(long readId) {
        return reads.add(readId);
    }

    @Override
    public void prepare() {
        // A leader does not know what is committed before it has committed an entry of its own (thesis §6.4).
        if (ground.log.commit() >= firstOwnIndex) {
            read();
        }
        for (Replication other : others) {
            other.send();
        }
        Replication successor = others.of(handover.target());
        if (successor != null) {
            handover.bid(successor);
        }
    }

    private void read() {
        // Whom this leader has bidden to stand for election may be elected at any time, by members that have promised.
        boolean isLeased = ground.config.leaseReads() && !handover.wasEverBidden() && reads.isLeaseHeld();
        if (isLeased && reads.hasUnasked()) {
            reads.answer();
        } else if (reads.canBegin()) {
            reads.begin();
            others.forEach(other -> other.askForRead(reads.context()));
            confirmReads();
        }
    }

    @Override
    public void stalled() {
        reads.forgetLease();
    }

    @Override
    public Room unreachable(long member) {
        Replication other = others.of(member);
        if (other != null) {
            other.unreachable();
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
        return other != null && other.appendReply(message) ? commit() : this;
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
        if (kind == Entry.Kind.CONFIGURATION) {
            quorum = ground.membership.quorum();
            others.follow();
        }
    }

    private Room commit() {
        RaftLog log = ground.log;
        long index = quorum.reached(matchOf);
        // Raft §5.4.2, fig. 8: an entry of a former term may be on a majority and be overwritten all the same.
        if (index <= log.commit() || index > log.lastIndex() || log.termAt(index) != ground.term()) {
            return this;
        }
        for (long committed = log.commit() + 1; committed <= index; committed++) {
            uncommittedBytes -= log.entryAt(committed).sizeBytes();
        }
        log.commit(index);
        Invariants.check(uncommittedBytes >= 0, "%s uncommitted bytes", uncommittedBytes);
        return log.commit() >= ground.membership.currentIndex() ? configured() : this;
    }

    /** The current configuration is committed. */
    private Room configured() {
        Configuration configuration = ground.membership.current();
        if (configuration.isJoint()) {
            Change change = new Change(Reconfiguration.leave(configuration), Bytes.EMPTY);
            append(Entry.Kind.CONFIGURATION, ConfigurationCodec.encodeChange(change));
        } else if (!configuration.isVoter(ground.self())) {
            long successor = others.mostComplete();
            ground.sendNow(new Message.TimeoutNow(ground.self(), successor, ground.term()));
            return new Follower(ground, 0);
        }
        return this;
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

    private boolean isHeard(long member) {
        Replication other = other(member);
        return member == ground.self() || (other != null && other.heardWithin(ground.electionTicks));
    }

    private @Nullable Replication other(long member) {
        return others.of(member);
    }

    private long bytesBehind(long index) {
        long bytes = 0;
        for (long behind = index + 1; behind <= ground.log.lastIndex(); behind++) {
            bytes += ground.log.entryAt(behind).sizeBytes();
        }
        return bytes;
    }
}
