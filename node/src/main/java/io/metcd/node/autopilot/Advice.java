package io.metcd.node.autopilot;

import java.util.List;
import java.util.Optional;

/**
 * What is to be done, and why, in words for an operator.
 *
 * @param act nothing most of the time
 * @param reasons one sentence each, members in quotes
 */
public record Advice(Optional<Act> act, List<String> reasons) {
    /** A change of membership: one step of consensus. */
    public sealed interface Act {
        /** The standby votes from now on, in the place of a voter or of nobody. */
        record Promote(long standby, Optional<Long> replaced) implements Act {}

        /** The member belongs no more. */
        record Remove(long member) implements Act {}
    }

    public Advice {
        reasons = List.copyOf(reasons);
    }
}
