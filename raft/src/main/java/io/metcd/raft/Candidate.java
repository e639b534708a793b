package io.metcd.raft;

import java.util.TreeMap;

/**
 * Asks for votes, in two rounds: first whether it would get them (thesis §9.6), which changes nothing for anybody, then
 * for the votes of a new term (Raft §5.2). Whoever has not answered is asked again, for packets get lost.
 */
final class Candidate implements Room {
    private static final int ASIDE_HEARTBEATS = 3;
    private static final int ASIDE_DOUBLINGS = 8;

    private final Ground ground;
    private final TreeMap<Long, Message.VoteReply> replies = new TreeMap<>();
    /** Campaigns that failed before this one. */
    private final int failed;

    private int timeoutTicks;
    private boolean asking = true;

    /** The leader has asked for it. */
    private boolean transfer;

    private int ticks;

    private Candidate(Ground ground, int failed) {
        this.ground = ground;
        this.failed = failed;
        this.timeoutTicks = ground.electionTimeout();
    }

    static Room campaign(Ground ground) {
        return campaign(ground, 0);
    }

    private static Room campaign(Ground ground, int failed) {
        Candidate candidate = new Candidate(ground, failed);
        candidate.request();
        return candidate.count();
    }

    /** Stands at once, on the leader's word. */
    static Room succeed(Ground ground) {
        Candidate candidate = new Candidate(ground, 0);
        candidate.transfer = true;
        candidate.stand();
        return candidate.count();
    }

    @Override
    public Role role() {
        return asking ? Role.PRE_CANDIDATE : Role.CANDIDATE;
    }

    @Override
    public long leader() {
        return 0;
    }

    @Override
    public boolean isLoyal() {
        return false;
    }

    @Override
    public Room tick() {
        ticks++;
        if (ticks >= timeoutTicks) {
            return ground.mayCampaign() ? campaign(ground, failed + 1) : new Follower(ground, 0);
        }
        if (ticks % ground.heartbeatTicks == 0) {
            request();
        }
        return this;
    }

    /** Its own vote counts when it is durable, like anybody's. */
    @Override
    public Room durable() {
        return count();
    }

    @Override
    public Room vote(Message.Vote message) {
        return Voting.decide(ground, message) ? new Follower(ground, 0) : this;
    }

    @Override
    public Room preVoteReply(Message.PreVoteReply message) {
        if (!asking || message.campaign() != ground.term() || !hasVote(message.from())) {
            return this;
        }
        replies.put(
                message.from(),
                new Message.VoteReply(message.from(), message.to(), message.term(), message.granted(), 0, 0));
        return count();
    }

    @Override
    public Room voteReply(Message.VoteReply message) {
        if (asking || !hasVote(message.from())) {
            return this;
        }
        replies.put(message.from(), message);
        if (!message.granted()) {
            askAgainSoon();
        }
        return count();
    }

    /**
     * The votes are split, as it seems. If somebody else has won them, he is heard soon, and asking whether there should
     * be another election does no harm; if nobody has, a whole time-out would be lost. The more often it fails, the
     * further apart two candidates must get, for they may collide for as long as a vote takes.
     */
    private void askAgainSoon() {
        int apart = (ASIDE_HEARTBEATS * ground.heartbeatTicks) << Math.min(failed, ASIDE_DOUBLINGS);
        timeoutTicks = Math.min(timeoutTicks, ticks + ground.heartbeatTicks + ground.random.nextInt(apart));
    }

    @Override
    public Room append(Message.Append message) {
        return new Follower(ground, message.from()).append(message);
    }

    @Override
    public Room heartbeat(Message.Heartbeat message) {
        return new Follower(ground, message.from()).heartbeat(message);
    }

    @Override
    public Room snapshotOffer(Message.SnapshotOffer message) {
        return new Follower(ground, message.from()).snapshotOffer(message);
    }

    private Room count() {
        if (ground.membership.quorum().agrees(this::isGranted)) {
            if (!asking) {
                // Where its own vote does not count, it must be durable all the same: it vouches for the term.
                return ground.ballot.isDurable() ? new Leader(ground, replies) : this;
            }
            stand();
            return count();
        }
        return ground.membership.quorum().prevented(this::isRefused) ? new Follower(ground, 0) : this;
    }

    private void stand() {
        asking = false;
        replies.clear();
        ground.ballot.adopt(ground.term() + 1);
        ground.ballot.voteFor(ground.self());
        request();
    }

    /** Others' answers would be kept for nothing. */
    private boolean hasVote(long member) {
        return ground.membership.current().isVoter(member);
    }

    private boolean isGranted(long member) {
        if (member == ground.self()) {
            return asking || ground.ballot.isDurable();
        }
        Message.VoteReply reply = replies.get(member);
        return reply != null && reply.granted();
    }

    private boolean isRefused(long member) {
        Message.VoteReply reply = replies.get(member);
        return reply != null && !reply.granted();
    }

    private void request() {
        var configuration = ground.membership.current();
        configuration.voters().forEach(this::request);
        configuration.outgoing().stream()
                .filter(member -> !configuration.voters().contains(member))
                .forEach(this::request);
    }

    private void request(long member) {
        if (member == ground.self() || replies.containsKey(member)) {
            return;
        }
        long lastIndex = ground.log.lastIndex();
        long lastTerm = ground.log.lastTerm();
        if (asking) {
            ground.sendNow(new Message.PreVote(ground.self(), member, ground.term(), lastIndex, lastTerm));
        } else {
            // Not before the candidacy is durable: after a restart with less, this member could stand in the same
            // term again and be elected by votes for a log that it no longer has.
            ground.sendWhenDurable(
                    new Message.Vote(ground.self(), member, ground.term(), lastIndex, lastTerm, transfer));
        }
    }
}
