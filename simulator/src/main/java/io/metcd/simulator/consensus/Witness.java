package io.metcd.simulator.consensus;

import io.metcd.raft.Role;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.Optional;

/**
 * Is told what the members become, each thing after those that it follows from: a state when it is durable, for nothing
 * that follows from it has left before; only a leader's log when it is sent.
 */
public interface Witness {
    /** A member has taken one input and become this. */
    void became(State state);

    /** A member has crashed and come back as this. */
    void restarted(State state);

    /** A member would vote for the asker in the term after this one. */
    void preVoted(long voter, long asker, long term);

    /** A member holds, durably, what the leader of the term has up to the match. The leader says it of itself too. */
    void acknowledged(long member, long leader, long term, long match);

    /**
     * What a member is.
     *
     * @param vote whom it has voted for in its term, 0 for nobody
     * @param log all of its entries
     */
    record State(long member, long term, long vote, Role role, long commit, List<Place> log) {
        public State {
            log = List.copyOf(log);
        }
    }

    /**
     * An entry.
     *
     * @param configuration which it puts in force
     */
    record Place(long term, Optional<Configuration> configuration) {}
}
