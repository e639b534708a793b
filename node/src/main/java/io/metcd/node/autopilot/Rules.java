package io.metcd.node.autopilot;

/**
 * By what an autopilot decides.
 *
 * @param voters how many members should vote: an odd number
 * @param lostNanos a member that has been gone for so long is lost, and may be replaced
 * @param steadyNanos a standby that has been there, and caught up, for so long may vote
 * @param moveNanos for so long all voters must have been there before one of them moves to another zone
 * @param founders how many founders come back with nothing: one of them must be in every majority, since all of them
 *     together could not be told from a cluster that is yet to be founded; 0 where founders remember
 */
public record Rules(Mode mode, int voters, long lostNanos, long steadyNanos, long moveNanos, int founders) {
    private static final long SECOND = 1_000_000_000L;
    private static final int FEWEST = 3;
    private static final int FEW = 5;
    private static final int MOST = 7;

    /** For members that come back with what they had: 15 minutes until one is lost. */
    public static final Rules KEEPING = new Rules(Mode.OFF, FEWEST, 15 * 60 * SECOND, 10 * SECOND, 60 * SECOND, 0);

    /** For members that keep nothing: 10 seconds until one is lost. */
    public static final Rules FORGETTING = new Rules(Mode.OFF, FEWEST, 10 * SECOND, 10 * SECOND, 60 * SECOND, 0);

    public Rules {
        if (voters != FEWEST && voters != FEW && voters != MOST) {
            throw new IllegalArgumentException("3, 5 or 7 members can vote, not " + voters);
        }
        if (lostNanos <= 0 || steadyNanos < 0 || moveNanos < steadyNanos) {
            throw new IllegalArgumentException("times of an autopilot: " + lostNanos + ", " + steadyNanos);
        }
    }

    /** How many should vote in a cluster of so many founders. */
    public static int votersFor(int founders) {
        return founders <= FEWEST ? FEWEST : founders <= FEW ? FEW : MOST;
    }

    public Rules with(Mode newMode) {
        return new Rules(newMode, voters, lostNanos, steadyNanos, moveNanos, founders);
    }

    public Rules withVoters(int newVoters) {
        return new Rules(mode, newVoters, lostNanos, steadyNanos, moveNanos, founders);
    }

    public Rules withLostNanos(long nanos) {
        return new Rules(mode, voters, nanos, steadyNanos, moveNanos, founders);
    }

    public Rules withFounders(int newFounders) {
        return new Rules(mode, voters, lostNanos, steadyNanos, moveNanos, newFounders);
    }

    /** How many vote at most: with one more, those who are no founders could be a majority. */
    int target() {
        return founders == 0 ? voters : Math.min(voters, 2 * founders - 1);
    }
}
