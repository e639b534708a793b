package io.metcd.raft;

/**
 * A leader hands over (thesis §3.10): it takes no proposals, brings its successor up to date, and bids it stand for
 * election at once. Again with each heartbeat, for the bidding may be lost; after an election time-out all is as it was.
 */
final class Handover {
    private final Ground ground;
    private long target;
    private long since;
    private long bidden = Long.MIN_VALUE;

    /** A bidding may arrive long after the time-out, so it is never as if there had been none. */
    private boolean everBidden;

    Handover(Ground ground) {
        this.ground = ground;
    }

    /** 0 when none is under way. */
    long target() {
        return target;
    }

    boolean isUnderWay() {
        return target != 0;
    }

    /** True when somebody may stand for election on this leader's word. */
    boolean wasEverBidden() {
        return everBidden;
    }

    void begin(long member) {
        if (target != member) {
            target = member;
            since = ground.now;
            bidden = Long.MIN_VALUE;
        }
    }

    /** Bids, when the successor lacks nothing and was not bidden lately. */
    void bid(Replication successor) {
        boolean isDue = bidden == Long.MIN_VALUE || ground.now - bidden >= ground.heartbeatTicks;
        if (isDue && successor.match() == ground.log.lastIndex()) {
            bidden = ground.now;
            everBidden = true;
            ground.sendNow(new Message.TimeoutNow(ground.self(), target, ground.term()));
        }
    }

    /** Gives up after an election time-out, or when the successor may not succeed any more. */
    void tick() {
        if (target == 0) {
            return;
        }
        boolean isVoter = ground.membership.current().voters().contains(target);
        if (!isVoter || ground.now - since >= ground.electionTicks) {
            ground.outbox.events.add(new RaftEvent.TransferTimedOut(target, ground.term()));
            target = 0;
        }
    }
}
