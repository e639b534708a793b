package io.metcd.raft.quorum;

import io.metcd.base.Invariants;
import io.metcd.raft.membership.Configuration;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;

/**
 * Majority arithmetic of one configuration. A joint one decides when both halves do (Raft §6); a half without members
 * has no objection, but without any voter there is no quorum.
 */
public final class Quorum {
    private final long[] voters;
    private final long[] outgoing;
    private final long[] scratch;

    public Quorum(Configuration configuration) {
        voters = array(configuration.voters());
        outgoing = array(configuration.outgoing());
        scratch = new long[Math.max(voters.length, outgoing.length)];
    }

    /** The highest number that a quorum has reached, e.g. the index that its members hold. */
    public long reached(LongUnaryOperator numberOf) {
        return voters.length == 0 ? 0 : Math.min(majority(voters, numberOf), majority(outgoing, numberOf));
    }

    /** True when a quorum of members is so. */
    public boolean agrees(LongPredicate member) {
        return voters.length > 0 && isMajority(voters, member) && isMajority(outgoing, member);
    }

    /** True when a quorum can no longer come about once these members refuse. */
    public boolean prevented(LongPredicate refusal) {
        return !agrees(refusal.negate());
    }

    /** The number at the place of the smallest majority, counted from the highest. */
    private long majority(long[] members, LongUnaryOperator numberOf) {
        if (members.length == 0) {
            return Long.MAX_VALUE;
        }
        for (int i = 0; i < members.length; i++) {
            long number = numberOf.applyAsLong(members[i]);
            int at = i;
            while (at > 0 && scratch[at - 1] < number) {
                scratch[at] = scratch[at - 1];
                at--;
            }
            scratch[at] = number;
        }
        return scratch[members.length / 2];
    }

    private static boolean isMajority(long[] members, LongPredicate predicate) {
        int count = 0;
        for (long member : members) {
            if (predicate.test(member)) {
                count++;
            }
        }
        return members.length == 0 || count > members.length / 2;
    }

    private static long[] array(List<Long> members) {
        long[] result = new long[members.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = members.get(i);
            Invariants.check(i == 0 || result[i] > result[i - 1], "member %s behind %s", result[i], result[0]);
        }
        return result;
    }
}
