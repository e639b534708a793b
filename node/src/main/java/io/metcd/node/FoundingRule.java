package io.metcd.node;

import io.metcd.base.Bytes;
import java.util.List;
import java.util.Optional;

/** With whom a founder may promise to found, and when such a promise cannot be kept any more. */
sealed interface FoundingRule permits SlotRule, ExpectRule {
    /** A set to promise, or what that waits for. */
    record Choice(Optional<FoundingSet> set, String why) {
        static Choice of(FoundingSet set) {
            return new Choice(Optional.of(set), "");
        }

        static Choice waiting(String why) {
            return new Choice(Optional.empty(), why);
        }
    }

    /** Looks for a set, the own claim being the first; no reachable peer runs an established cluster. */
    Choice choose(List<Claim> claims, long nowNanos);

    /** Whether a promise is to be given up; {@code started} is whether consensus runs with it, without a history. */
    boolean isHopeless(FoundingSet set, List<Claim> claims, boolean started);

    /** What to do about founders of the promised set that cannot be reached; may be empty. */
    String advice(List<Claim> claims, List<FoundingSet.Seat> silent);

    /** How many founders are expected, 0 if they are named. */
    int expects();

    /** The hash of the set that is looked at, for the others to compare with theirs. */
    Bytes candidates();

    /** Whether those who are left when so many are gone can never elect a leader. */
    static boolean losesMajority(FoundingSet set, int gone) {
        return set.seats().size() - gone <= set.seats().size() / 2;
    }
}
