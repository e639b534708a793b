package io.metcd.raft;

import io.metcd.base.Bytes;
import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.raft.log.LogView;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;

/**
 * One member's consensus. Not thread-safe: one owner drives it.
 *
 * <pre>
 *   step(message) ─┐                      ┌─ hardState, append ──► journal ──► advance(Durable)
 *   tick()        ─┤                      ├─ sendNow ────────────► network, beside the write
 *   propose(…)    ─┼──► Raft ──► ready() ─┼─ sendWhenDurable ────► network, after the write
 *   requestRead() ─┤                      ├─ committed ──────────► state machine ──► advance(Applied)
 *   hint…()       ─┘                      └─ readStates, failedReads, snapshot, events
 * </pre>
 *
 * How to drive it, again and again:
 *
 * <ol>
 *   <li>Hand in everything that has come: messages, ticks, proposals, reads.
 *   <li>Take {@link #ready()}.
 *   <li>Begin to write {@code hardState} and {@code append}, in the order of the Readys.
 *   <li>Send {@code sendNow}.
 *   <li>When the write is complete: send {@code sendWhenDurable}, then {@code advance(durable)}. Writes may complete
 *       several Readys later.
 *   <li>Apply {@code committed}, then {@code advance(new Applied(last index))}.
 *   <li>Answer the reads whose index is applied.
 *   <li>{@link #compact} when the log has grown.
 * </ol>
 *
 * A write that fails is final: the owner stops this member.
 */
public final class Raft {
    private final Ground ground;
    private final Belonging belonging;
    private Room room;

    /** What the last events said. */
    private Role knownRole = Role.FOLLOWER;

    private long knownLeader;

    /** Something has come in since the last Ready. */
    private boolean touched;

    public Raft(RaftConfig config, RaftStart start, RandomSource random) {
        this.ground = new Ground(config, start, random);
        this.belonging = new Belonging(config.self());
        this.room = Follower.atStart(ground);
        this.touched = ground.log.hasCommitted();
    }

    /** Takes a message; one that means nothing any more is ignored. */
    public void step(Message message) {
        if (message.to() != ground.self() || message.from() == ground.self()) {
            return;
        }
        touched = true;
        if (message instanceof Message.PreVote question) {
            Voting.consider(ground, question, isLoyal());
        } else if (message instanceof Message.Vote candidacy
                && candidacy.term() >= ground.term()
                && !candidacy.transfer()
                && isLoyal()) {
            // Thesis §4.2.3: whoever hears its leader lets nobody take its place, nor the term from it.
            Invariants.check(candidacy.from() != ground.self(), "a candidacy of its own");
        } else if (message.term() < ground.term() && !(message instanceof Message.PreVoteReply)) {
            answerLate(message);
        } else {
            if (message.term() > ground.term()) {
                ground.ballot.adopt(message.term());
                enter(new Follower(ground, 0));
            }
            enter(message.accept(room));
        }
    }

    private boolean isLoyal() {
        return room.isLoyal() || ground.hasPromised();
    }

    /** Time passes. */
    public void tick() {
        ground.now++;
        enter(room.tick());
    }

    /** More time has passed than the owner will tick for, as in a pause: whoever leads must ask before it trusts. */
    public void stalled() {
        room.stalled();
    }

    /** Appends commands to the log when this member leads. */
    public Proposal propose(List<Bytes> commands) {
        Proposal proposal = room.propose(commands);
        touched |= proposal instanceof Proposal.Accepted;
        return proposal;
    }

    /**
     * Changes the membership when this member leads. The new configuration is in force from its entry on, on every
     * member that has the entry, committed or not; a truncation brings the former one back (Raft §6). A change of more
     * than one voter first enters a joint configuration, which the leader leaves by an entry of its own, without
     * payload, when the joint one is committed. The next change must wait for all that
     * ({@link RaftStatus#changePending()}).
     *
     * <p>A leader that its change removes leads until the entry is committed, without counting itself, and then asks
     * the most complete voter to take over. Removed members are told ({@link RaftEvent.Removed}).
     *
     * @param target plain; it contains the leader or not
     * @param payload opaque; comes back in the entry of kind CONFIGURATION (see {@code EntryCodec.change})
     */
    public Proposal proposeConfiguration(Configuration target, Bytes payload) {
        Proposal proposal = room.proposeConfiguration(target, payload);
        touched |= proposal instanceof Proposal.Accepted;
        return proposal;
    }

    /**
     * Makes a voter the next leader (thesis §3.10) when this member leads. Meanwhile, an election time-out at most,
     * proposals are refused with {@link Refusal#TRANSFERRING}. Another target replaces the present one.
     */
    public Transfer transferLeadership(long target) {
        Transfer transfer = room.transfer(target);
        touched |= transfer instanceof Transfer.Begun;
        return transfer;
    }

    /**
     * Asks for a linearizable read; ends in {@link Ready#readStates()} or {@link Ready#failedReads()}. False: refused,
     * because no leader is known or too many reads wait.
     */
    public boolean requestRead(long readId) {
        boolean taken = room.read(readId);
        touched |= taken;
        return taken;
    }

    /** False when {@link #ready()} would be empty. */
    public boolean hasReady() {
        return touched || !ground.outbox.isEmpty() || ground.log.hasCommitted();
    }

    /** Everything to do since the last call. */
    public Ready ready() {
        room.prepare();
        if (belonging.endsWith(ground.membership, ground.log.commit())) {
            ground.outbox.events.add(new RaftEvent.Removed(ground.log.commit()));
        }
        touched = false;
        Outbox outbox = ground.outbox;
        Optional<Durable> write = write(outbox);
        List<Entry> committed = ground.log.takeCommitted(ground.limits().committedBytesMax());
        if (write.isEmpty() && committed.isEmpty() && outbox.isEmpty()) {
            return Ready.NOTHING;
        }
        Ready ready = new Ready(
                write.map(w -> new HardState(ground.term(), ground.ballot.vote(), durableCommit())),
                ground.log.takeUnwritten(),
                outbox.sendNow,
                outbox.sendWhenDurable,
                committed,
                outbox.readStates,
                outbox.failedReads,
                Optional.ofNullable(outbox.snapshot),
                outbox.events,
                write);
        outbox.clear();
        return ready;
    }

    /** A write is complete, and all before it. */
    public void advance(Durable durable) {
        Invariants.check(durable.term() <= ground.term(), "written in term %s of %s", durable.term(), ground.term());
        ground.ballot.written(durable.write());
        // An older term's write may have been overwritten since by one that is still on its way; the write that
        // carries this term speaks for all before it.
        if (durable.term() == ground.term()) {
            ground.log.written(durable);
        }
        touched = true;
        enter(room.durable());
    }

    public void advance(Applied applied) {
        ground.log.applied(applied.index());
    }

    /** Without effect when this member has meanwhile applied as much by itself. */
    public void advance(SnapshotInstalled installed) {
        RaftLog log = ground.log;
        if (installed.index() <= log.applied()) {
            return;
        }
        if (!log.matches(installed.index(), installed.term())) {
            ground.membership.truncated(installed.index() + 1);
        }
        log.install(installed.index(), installed.term());
        ground.membership.installed(installed.index(), installed.configuration());
        touched = true;
        if (room instanceof Follower follower) {
            follower.installed();
        }
    }

    public RaftStatus status() {
        RaftLog log = ground.log;
        return new RaftStatus(
                ground.self(),
                room.role(),
                ground.term(),
                ground.ballot.vote(),
                room.leader(),
                log.commit(),
                log.applied(),
                log.durable(),
                log.firstIndex(),
                log.lastIndex(),
                log.bytes(),
                ground.membership.current(),
                ground.isChangePending(),
                room.transferTarget(),
                room.progress());
    }

    /**
     * The configuration in force at an index from {@code log().snapshotIndex()} on; a snapshot as of that index carries
     * it.
     */
    public Configuration configurationAt(long index) {
        return ground.membership.asOf(index);
    }

    /** The log as it is now: look, and do not keep. */
    public LogView log() {
        return ground.log;
    }

    /** Drops the log up to this index, which must be applied; followers behind it will need a snapshot. */
    public void compact(long index) {
        ground.log.compact(index);
        ground.membership.compacted(index);
    }

    /**
     * Follows the measured routes: from now on so many ticks between heartbeats and without a leader, but never fewer
     * than {@link RaftConfig} says, and the heartbeat always the shorter of the two.
     */
    public void pace(int heartbeatTicks, int electionTicks) {
        ground.pace(heartbeatTicks, electionTicks);
        room.paced();
    }

    /**
     * What the mesh shows: false delays a campaign by at most two election time-outs, never forever. A hint for
     * liveness; safety does not know it.
     */
    public void hintQuorumConnected(boolean connected) {
        ground.quorumConnected = connected;
    }

    /**
     * What the mesh shows: there is no path to this member. A leader probes it; a follower whose leader it is forgets
     * its lease and campaigns early.
     */
    public void hintUnreachable(long member) {
        touched = true;
        enter(room.unreachable(member));
    }

    /** Who speaks with an old term learns the present one, lest it lead or ask for ever. */
    private void answerLate(Message message) {
        if (message instanceof Message.Append
                || message instanceof Message.Heartbeat
                || message instanceof Message.SnapshotOffer) {
            ground.sendNow(
                    new Message.HeartbeatReply(ground.self(), message.from(), ground.term(), ground.log.commit(), 0));
        } else if (message instanceof Message.Vote candidacy) {
            Voting.decide(ground, candidacy);
        }
    }

    /** What must be written, and what can then be sent without waiting. */
    private Optional<Durable> write(Outbox outbox) {
        boolean isNeeded = ground.ballot.hasChanged()
                || ground.log.hasUnwritten()
                || (ground.ballot.isWriting() && !outbox.sendWhenDurable.isEmpty());
        if (!isNeeded) {
            outbox.sendNow.addAll(outbox.sendWhenDurable);
            outbox.sendWhenDurable.clear();
            return Optional.empty();
        }
        long lastIndex = ground.log.lastIndex();
        return Optional.of(new Durable(ground.ballot.write(), ground.term(), lastIndex, ground.log.lastTerm()));
    }

    /**
     * Were a write torn by a crash, a commitment of its own entries would be read as one of the entries that were to be
     * replaced. So only what was durable before is written as committed.
     */
    private long durableCommit() {
        return Math.min(ground.log.commit(), ground.log.durable());
    }

    private void enter(Room next) {
        if (next != room) {
            room.leave();
            room = next;
        }
        if (room.role() != knownRole) {
            knownRole = room.role();
            ground.outbox.events.add(new RaftEvent.RoleChanged(knownRole, ground.term()));
        }
        if (room.leader() != knownLeader) {
            knownLeader = room.leader();
            ground.outbox.events.add(new RaftEvent.LeaderChanged(knownLeader, ground.term()));
        }
    }
}
