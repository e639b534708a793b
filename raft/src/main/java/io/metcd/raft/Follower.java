package io.metcd.raft;

/** Takes what the leader sends, and campaigns when no leader is heard (Raft §5.2). */
final class Follower implements Room {
    private final Ground ground;
    private final Intake intake;
    private final FollowerReads reads;

    /** The leader of this term, 0 until it is known; once known it stays (Raft §5.2, election safety). */
    private long leader;

    private int silentTicks;
    private int timeoutTicks;
    private int delayedTicks;

    /** The time-out is shorter than an election time-out, until a leader is heard. */
    private boolean hasty;

    /** The leader has been silent for too long, or the mesh has no path to it. */
    private boolean lost;

    Follower(Ground ground, long leader) {
        this.ground = ground;
        this.leader = leader;
        this.intake = new Intake(ground);
        this.reads = new FollowerReads(ground);
        this.timeoutTicks = ground.electionTimeout();
    }

    /** At the start nobody is known to lead; PreVote makes it harmless to ask soon. */
    static Follower atStart(Ground ground) {
        Follower follower = new Follower(ground, 0);
        int early = 2 * ground.heartbeatTicks + ground.random.nextInt(ground.electionTicks);
        if (ground.isAlone() || !ground.hasPromised()) {
            follower.timeoutTicks = ground.isAlone() ? 1 : early;
            follower.hasty = true;
        }
        return follower;
    }

    @Override
    public Role role() {
        return Role.FOLLOWER;
    }

    @Override
    public long leader() {
        return lost ? 0 : leader;
    }

    @Override
    public boolean isLoyal() {
        return leader() != 0 && silentTicks < ground.electionTicks;
    }

    @Override
    public Room tick() {
        silentTicks++;
        if (leader() != 0) {
            reads.tick(leader);
        }
        if (silentTicks < timeoutTicks) {
            return this;
        }
        lost = true;
        reads.fail();
        if (!ground.mayCampaign()) {
            return this;
        }
        if (!ground.quorumConnected && delayedTicks < 2 * ground.electionTicks) {
            delayedTicks++;
            return this;
        }
        return Candidate.campaign(ground);
    }

    @Override
    public Room durable() {
        intake.durable();
        return this;
    }

    @Override
    public boolean read(long readId) {
        return leader() != 0 && reads.add(readId);
    }

    @Override
    public void prepare() {
        if (leader != 0) {
            intake.prepare(leader);
        }
        if (leader() != 0) {
            reads.prepare(leader);
        }
    }

    /**
     * Campaigns within a few heartbeats unless it is heard again. As a rule the others see the same at the same moment,
     * and votes that are split cost more than a little patience: so one after the other, in the order of their ids.
     */
    @Override
    public Room unreachable(long member) {
        if (member != 0 && member == leader() && !ground.config.leaseReads()) {
            lost = true;
            reads.fail();
            int soon = 1
                    + 2 * ground.heartbeatTicks * ground.rankWithout(member)
                    + ground.random.nextInt(ground.heartbeatTicks);
            timeoutTicks = Math.min(timeoutTicks, silentTicks + soon);
            hasty = true;
        }
        return this;
    }

    @Override
    public void leave() {
        reads.fail();
    }

    /** Who votes waits for the outcome (Raft §5.2). */
    @Override
    public Room vote(Message.Vote message) {
        if (Voting.decide(ground, message)) {
            beginWaiting();
        }
        return this;
    }

    @Override
    public Room append(Message.Append message) {
        if (hear(message.from())) {
            intake.append(message);
        }
        return this;
    }

    @Override
    public Room heartbeat(Message.Heartbeat message) {
        if (hear(message.from())) {
            if (!intake.commitMatched(message.commit())) {
                ground.outbox.events.add(
                        new RaftEvent.EntriesLost(leader, ground.term(), message.commit(), ground.log.lastIndex()));
            }
            ground.sendNow(new Message.HeartbeatReply(
                    ground.self(), leader, ground.term(), ground.log.commit(), message.readContext()));
        }
        return this;
    }

    @Override
    public Room readReply(Message.ReadReply message) {
        reads.reply(message);
        return this;
    }

    @Override
    public Room snapshotOffer(Message.SnapshotOffer message) {
        if (hear(message.from())) {
            if (message.snapshotIndex() > ground.log.commit()) {
                ground.outbox.snapshot = message;
            } else {
                intake.reply();
            }
        }
        return this;
    }

    /** The leader hands over to this member, which needs to ask nobody whether it should stand (thesis §3.10). */
    @Override
    public Room timeoutNow(Message.TimeoutNow message) {
        if (message.from() != leader || !ground.mayCampaign()) {
            return this;
        }
        lost = true;
        return Candidate.succeed(ground);
    }

    @Override
    public void paced() {
        if (!hasty) {
            timeoutTicks = ground.electionTimeout();
        }
    }

    void installed() {
        intake.installed();
    }

    /** True when it is the leader of this term that speaks. */
    private boolean hear(long from) {
        if (leader == 0) {
            leader = from;
        }
        if (from != leader) {
            ground.refuse(from, "a second leader in term " + ground.term() + " beside " + leader);
            return false;
        }
        lost = false;
        ground.promise();
        beginWaiting();
        return true;
    }

    private void beginWaiting() {
        silentTicks = 0;
        delayedTicks = 0;
        if (hasty) {
            hasty = false;
            timeoutTicks = ground.electionTimeout();
        }
    }
}
