package io.metcd.node;

/** Remembers when leaders came and went and when the way to them broke, to say why a request timed out. */
final class LeaderWatch {
    private final long electionNanos;
    private long leader;
    private long term;
    private long changes;
    private long knownSince;
    private long unknownSince;
    private long brokenAt;
    private boolean everKnown;
    private boolean everBroken;

    LeaderWatch(long electionNanos, long nowNanos) {
        this.electionNanos = electionNanos;
        this.unknownSince = nowNanos;
    }

    long leader() {
        return leader;
    }

    long term() {
        return term;
    }

    /** Leaders seen, the first included. */
    long changes() {
        return changes;
    }

    /** Takes the present state; true if there is a leader now that was not there before. */
    boolean observe(long nowLeader, long nowTerm, long nowNanos) {
        boolean other = nowLeader != 0 && (nowLeader != leader || nowTerm != term);
        if (other) {
            changes++;
            knownSince = nowNanos;
            everKnown = true;
        } else if (nowLeader == 0 && leader != 0) {
            unknownSince = nowNanos;
        }
        leader = nowLeader;
        term = nowTerm;
        return other;
    }

    /** The mesh shows no way to the leader, or for the leader none to a quorum. */
    void broken(long nowNanos) {
        brokenAt = nowNanos;
        everBroken = true;
    }

    /** 0 while a leader is known. */
    long unknownNanos(long nowNanos) {
        return leader != 0 ? 0 : Math.max(1, nowNanos - unknownSince);
    }

    /** Why a request that began then has had no answer. */
    Failure timedOut(long startedNanos) {
        long beforeElection = knownSince - startedNanos;
        if (everKnown && beforeElection > 0 && beforeElection < 2 * electionNanos) {
            return Failure.TIMED_OUT_LEADER_FAIL;
        }
        boolean lost = leader != 0 && everBroken && brokenAt - startedNanos >= 0;
        return lost ? Failure.TIMED_OUT_CONNECTION_LOST : Failure.TIMED_OUT;
    }
}
