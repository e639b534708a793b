package io.metcd.node;

import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.node.Cluster.Host;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.store.lease.LeaseState;
import io.metcd.testkit.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Three members that write down every ten seconds what is left of leases, and leaders that follow each other. */
class ReplicaCheckpointsTest {
    private static final long LEASE = 5;
    private static final long TTL = 60;

    private final Cluster cluster = new Cluster(71, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();

    private void start(int checkpointSeconds) {
        cluster.configure = config -> config.withTiming(config.timing().withLeaseCheckpoints(checkpointSeconds));
        startAll();
        assertThat(cluster.submit(cluster.follower(), new Command.LeaseGrant(LEASE, TTL)))
                .isInstanceOf(Outcome.Done.class);
        Op.Put leased = Op.Put.of(Bytes.utf8("leased"), Bytes.EMPTY).withLease(LEASE);
        assertThat(cluster.submit(cluster.follower(), leased)).isInstanceOf(Outcome.Done.class);
    }

    private void startAll() {
        for (String name : cluster.names) {
            cluster.start(name, disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1))), name);
        }
        cluster.awaitLeader();
    }

    /** Another member leads from now on. */
    private void changeLeader() {
        Host old = cluster.leader();
        List<Handover> done = new ArrayList<>();
        old.replica.handOver(cluster.follower().replica.status().memberId(), 5 * SECOND, done::add);
        cluster.await(6 * SECOND, () -> !done.isEmpty());
        assertThat(done).containsExactly(Handover.DONE);
        cluster.awaitLeader();
        assertThat(cluster.leader().name).isNotEqualTo(old.name);
    }

    private long secondsLeft() {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        cluster.follower().replica.timeToLive(LEASE, false, 7 * SECOND, outcomes::add);
        cluster.await(8 * SECOND, () -> !outcomes.isEmpty());
        return ((LeaseOutcome.TimeToLive) outcomes.get(0)).remainingSeconds();
    }

    private void renew() {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        cluster.follower().replica.keepAlive(LEASE, 7 * SECOND, outcomes::add);
        cluster.await(SECOND / 2, () -> !outcomes.isEmpty());
        assertThat(((LeaseOutcome.Renewed) outcomes.get(0)).ttlSeconds()).isEqualTo(TTL);
    }

    @Test
    void newLeadersGoOnWithTheTimeThatWasLeft() { // contract: lease.expire.4
        start(10);

        cluster.world.play(25 * SECOND);
        changeLeader();
        assertThat(secondsLeft()).isBetween(38L, 41L); // 40 at the last checkpoint, and one election time-out

        cluster.world.play(25 * SECOND);
        changeLeader();
        assertThat(secondsLeft()).isBetween(18L, 23L);

        cluster.world.play(15 * SECOND);
        assertThat(cluster.get(cluster.follower(), "leased")).isEmpty();
        cluster.world.play(10 * SECOND);
        assertThat(cluster.get(cluster.follower(), "leased")).isEqualTo("none");
    }

    @Test
    void withoutCheckpointsTheyBeginWithAllOfIt() { // contract: lease.expire.2, lease.expire.4
        start(0);

        cluster.world.play(25 * SECOND);
        changeLeader();

        assertThat(secondsLeft()).isBetween(59L, 61L);
    }

    @Test
    void aRenewalHoldsWhoeverLeadsNext() { // contract: lease.expire.4
        start(10);
        cluster.world.play(25 * SECOND);
        assertThat(cluster.leader().replica.root().lease(LEASE)).contains(new LeaseState(LEASE, TTL, 40));

        renew();
        cluster.crash(cluster.leader().name);
        cluster.world.play(3 * SECOND);
        cluster.awaitLeader();

        assertThat(secondsLeft()).isBetween(57L, 61L);
    }

    @Test
    void aClusterThatStopsAltogetherGoesOnWithTheTimeThatWasLeft() { // contract: lease.expire.4
        start(10);
        cluster.world.play(45 * SECOND);

        List.copyOf(cluster.hosts.keySet()).forEach(cluster::crash);
        cluster.world.play(SECOND);
        startAll();

        assertThat(secondsLeft()).isBetween(18L, 21L);
    }
}
