package io.metcd.raft;

import static io.metcd.raft.VirtualCluster.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.RandomSource;
import io.metcd.raft.VirtualCluster.Network;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How long three members are without a leader, in virtual time: heartbeats each 100 ms, election time-outs of 1 s to 2 s.
 */
class ElectionTest {
    private static final int DEATHS = 400;
    private static final long TICK = 20 * MILLI;

    /** Sorted times in milliseconds from the deaths of leaders to the next ones. */
    private static long[] deaths(long diskMillis, boolean noticed) {
        long[] times = new long[DEATHS];
        Arrays.setAll(times, seed -> {
            RandomSource random = RandomSource.seeded(seed);
            VirtualCluster cluster = new VirtualCluster(seed, new Network(MILLI / 2, MILLI, 0), TICK);
            cluster.disks(diskMillis * MILLI);
            long old = cluster.elect();
            cluster.run(cluster.now() + random.between(500, 1500) * MILLI);
            cluster.open((from, to) -> from != old && to != old);
            for (long other = 1; noticed && other <= 3; other++) {
                if (other != old) {
                    cluster.unreachable(random.between(1, 5) * MILLI, other, old);
                }
            }
            long death = cluster.now();
            cluster.elect();
            return (cluster.now() - death) / MILLI;
        });
        Arrays.sort(times);
        return times;
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 20, 60})
    void aDeathThatEverybodyNoticesAtOnceIsOverWithinAFewHeartbeats(long diskMillis) {
        long[] times = deaths(diskMillis, true);

        assertThat(percentile(times, 100)).isLessThanOrEqualTo(200 + 2 * diskMillis);
    }

    @Test
    void votesThatAreSplitDoNotCostAnotherTimeOut() {
        long[] times = deaths(40, false);

        assertThat(percentile(times, 50)).isBetween(1000L, 1600L);
        assertThat(percentile(times, 99)).isLessThanOrEqualTo(2200);
        assertThat(percentile(times, 100)).isLessThanOrEqualTo(2500);
    }
}
