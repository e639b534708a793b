package io.metcd.raft;

import static io.metcd.raft.VirtualCluster.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.raft.VirtualCluster.Network;
import io.metcd.raft.VirtualCluster.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a network leaves of the throughput, in virtual time and exact: three members, 1 ms each way, ticks of 10 ms.
 * The floors are what the same scenarios gave with etcd's raft library, which assumes that loss and reordering are
 * rare.
 */
class LossTest {
    private static final long TICK = 20 * MILLI;
    private static final long SPAN = 2000 * MILLI;

    private static Result measure(Network network, int clients) {
        VirtualCluster cluster = new VirtualCluster(1, network, TICK);
        cluster.elect();
        cluster.clients(clients);
        return cluster.measure(SPAN);
    }

    @Test
    void withoutLossEveryCommandTakesOneRoundTrip() {
        Result result = measure(new Network(MILLI, 0, 0), 200);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(99_967);
        assertThat(result.maxMillis()).isEqualTo(2);
    }

    @Test
    void onePercentOfLossCostsNextToNothing() {
        Result result = measure(new Network(MILLI, 0, 0.01), 200);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(99_067);
        assertThat(result.p99Millis()).isEqualTo(2);
    }

    @Test
    void fivePercentOfLossIsRepairedWithinAnotherRoundTrip() {
        Result result = measure(new Network(MILLI, 0, 0.05), 200);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(65_800);
        assertThat(result.p99Millis()).isLessThanOrEqualTo(56);
    }

    @Test
    void aThirdOfThePacketsMayBeLost() {
        Result result = measure(new Network(MILLI, 0, 0.30), 200);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(2_000);
        assertThat(result.maxMillis()).isLessThanOrEqualTo(1000);
    }

    @Test
    void aLonelyCommandIsRepairedByTheTimer() {
        Result result = measure(new Network(MILLI, 0, 0.01), 1);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(495);
        assertThat(result.maxMillis()).isLessThanOrEqualTo(57);
    }

    @Test
    void reorderingIsNotLoss() {
        Result result = measure(new Network(MILLI / 2, 20 * MILLI, 0), 200);

        assertThat(result.perSecond()).isGreaterThanOrEqualTo(11_467);
        assertThat(result.p99Millis()).isLessThanOrEqualTo(32);
    }

    @Test
    void whatIsSentAgainInVainStaysRare() {
        Result result = measure(new Network(MILLI / 2, 20 * MILLI, 0), 200);

        assertThat(result.packetsPerCommand()).isLessThan(0.06);
    }

    /** The follower that survives is 2000 entries behind: the voters' answers say where to begin. */
    @ParameterizedTest
    @CsvSource({"0, 4", "0.01, 30"})
    void aNewLeaderCommitsWithinARoundTrip(double loss, long millisMax) {
        VirtualCluster cluster = new VirtualCluster(3, new Network(MILLI, 0, loss), TICK);
        long old = cluster.elect();
        cluster.run(cluster.now() + 500 * MILLI);
        long behind = old == 1 ? 2 : 1;
        cluster.open((from, to) -> from.equals(to) || (from != behind && to != behind));
        cluster.propose(2000);
        cluster.run(cluster.now() + 500 * MILLI);
        assertThat(cluster.status(behind).lastIndex()).isLessThan(10);

        cluster.open((from, to) -> from != old && to != old);
        long next = cluster.elect();

        long elected = cluster.now();
        long commit = cluster.status(next).commit();
        while (cluster.status(next).commit() <= commit) {
            cluster.run(cluster.now() + MILLI / 10);
        }
        assertThat(cluster.now() - elected).isLessThanOrEqualTo(millisMax * MILLI);
    }
}
