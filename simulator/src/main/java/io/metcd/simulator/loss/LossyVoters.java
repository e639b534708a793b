package io.metcd.simulator.loss;

import io.metcd.base.RandomSource;
import io.metcd.simulator.loss.LossCluster.Member;
import io.metcd.simulator.loss.LossCluster.Row;
import io.metcd.simulator.world.Path;
import java.util.Optional;

/** Consensus alone over packets that are lost, overtaken and doubled: no transport sends anything again. */
public final class LossyVoters {
    private static final long SECOND = 1_000_000_000L;
    private static final int IN_FLIGHT = 20;

    private LossyVoters() {}

    /**
     * What came of it.
     *
     * @param p99Nanos of the time from a proposal to its application at the leader
     * @param elections after the first
     */
    public record Result(double perSecond, long p99Nanos, long elections) {}

    /** A client keeps twenty proposals in flight at whoever leads, for so many virtual seconds. */
    public static Result run(long seed, int voters, Path.Conditions conditions, int seconds) {
        LossCluster cluster = new LossCluster(voters, conditions, RandomSource.seeded(seed));
        Member leader = cluster.awaitLeader();
        long term = leader.term();
        leader.begin(IN_FLIGHT);
        double answered = 0;
        long p99 = 0;
        for (int second = 0; second < seconds; second++) {
            Row row = cluster.measure(SECOND);
            answered += row.perSecond();
            p99 = Math.max(p99, row.p99());
            Optional<Member> now =
                    cluster.members().stream().filter(Member::leads).findFirst();
            if (now.isPresent() && now.get() != leader) {
                leader = now.get();
                leader.begin(IN_FLIGHT);
            }
        }
        long last = cluster.members().stream().mapToLong(Member::term).max().orElse(term);
        return new Result(answered / seconds, p99, last - term);
    }
}
