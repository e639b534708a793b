package io.metcd.raft;

import io.metcd.base.RandomSource;
import io.metcd.raft.log.RaftLog;
import io.metcd.raft.membership.Membership;

/** What every role stands on, and keeps when the role changes. */
final class Ground {
    final RaftConfig config;
    final Ballot ballot;
    final RaftLog log;
    final Membership membership;
    final Outbox outbox = new Outbox();
    final RandomSource random;

    /** Ticks of this run. */
    long now;

    boolean quorumConnected = true;

    /** The pace of now, no faster than the configured one. */
    int heartbeatTicks;

    int electionTicks;

    private long promisedUntil;

    Ground(RaftConfig config, RaftStart start, RandomSource random) {
        this.config = config;
        this.random = random;
        this.heartbeatTicks = config.heartbeatTicks();
        this.electionTicks = config.electionTicks();
        this.ballot = new Ballot(start.hardState());
        this.log = new RaftLog(start.snapshotIndex(), start.snapshotTerm());
        this.membership =
                new Membership(start.snapshotIndex(), start.configuration().orElse(config.initial()));
        start.entries().forEach(membership::appended);
        log.resume(start.entries(), start.hardState().commit());
        if (start.hardState().term() > 0) {
            promise();
        }
    }

    long self() {
        return config.self();
    }

    long term() {
        return ballot.term();
    }

    Limits limits() {
        return config.limits();
    }

    /**
     * A voter may campaign, and also one whose removal is not known to be committed: perhaps nobody else has a log that
     * is complete enough to win. It does not count itself (thesis §4.2.2).
     */
    boolean mayCampaign() {
        return membership.current().isVoter(self())
                || membership.asOf(log.commit()).isVoter(self());
    }

    /** How many of the other voters have a smaller id. */
    int rankWithout(long voter) {
        int before = 0;
        for (long each : membership.current().voters()) {
            before += each < self() && each != voter ? 1 : 0;
        }
        return before;
    }

    /** True when this member's own vote is a quorum. */
    boolean isAlone() {
        return membership.quorum().agrees(member -> member == self());
    }

    /** True until the current configuration is committed and plain. */
    boolean isChangePending() {
        return membership.currentIndex() > log.commit() || membership.current().isJoint();
    }

    void pace(int heartbeat, int election) {
        electionTicks = Math.max(election, config.electionTicks());
        heartbeatTicks = Math.min(Math.max(heartbeat, config.heartbeatTicks()), electionTicks - 1);
    }

    /**
     * What a leader's lease stands on: this member heard it and votes for nobody else for an election time-out, whatever
     * becomes of its role and its term. A promise of a former life is not remembered, so each life begins with one.
     */
    void promise() {
        promisedUntil = now + config.electionTicks();
    }

    boolean hasPromised() {
        return config.leaseReads() && now < promisedUntil;
    }

    void append(Entry entry) {
        log.append(entry);
        membership.appended(entry);
    }

    void truncate(long from) {
        log.truncate(from);
        membership.truncated(from);
    }

    /** Uniform in [electionTicks, 2 electionTicks), so that two seldom campaign at once (Raft §5.2). */
    int electionTimeout() {
        return electionTicks + random.nextInt(electionTicks);
    }

    void sendNow(Message message) {
        outbox.sendNow.add(message);
    }

    void sendWhenDurable(Message message) {
        outbox.sendWhenDurable.add(message);
    }

    /** What others say never stops this member, only what it does itself: an impossible message is reported. */
    void refuse(long from, String reason) {
        outbox.events.add(new RaftEvent.Refused(from, reason));
    }
}
