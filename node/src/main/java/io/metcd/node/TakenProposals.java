package io.metcd.node;

import io.metcd.store.command.Envelope.Origin;
import java.util.TreeMap;

/**
 * What this leader has taken into its log in its present term and not applied yet, so that a proposal which is handed to
 * it again, because its answer was lost or slow, does not take another place there. The store would let it have no
 * effect; this only saves the work.
 *
 * <p>What is applied is forgotten: a member to which a snapshot came instead of the entry must be able to propose again,
 * to learn that it has happened.
 */
final class TakenProposals {
    private static final int MASK = Limits.WINDOW - 1;

    /** The newest sequence taken at each place of the window of one life of a member. */
    private static final class Life {
        final long incarnation;
        final long[] sequences = new long[Limits.WINDOW];

        Life(long incarnation) {
            this.incarnation = incarnation;
        }
    }

    private final TreeMap<Long, Life> lives = new TreeMap<>();
    private long term;

    boolean holds(Origin origin, long nowTerm) {
        Life life = nowTerm == term ? lives.get(origin.member()) : null;
        return life != null
                && life.incarnation == origin.incarnation()
                && life.sequences[(int) origin.sequence() & MASK] == origin.sequence();
    }

    /** It was applied. */
    void remove(Origin origin) {
        Life life = lives.get(origin.member());
        int place = (int) origin.sequence() & MASK;
        if (life != null && life.incarnation == origin.incarnation() && life.sequences[place] == origin.sequence()) {
            life.sequences[place] = 0;
        }
    }

    void add(Origin origin, long nowTerm) {
        if (nowTerm != term) {
            lives.clear();
            term = nowTerm;
        }
        Life life = lives.get(origin.member());
        if (life == null || life.incarnation != origin.incarnation()) {
            life = new Life(origin.incarnation());
            lives.put(origin.member(), life);
        }
        life.sequences[(int) origin.sequence() & MASK] = origin.sequence();
    }
}
