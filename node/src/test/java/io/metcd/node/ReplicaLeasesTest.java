package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.node.Cluster.Host;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplicaLeasesTest {
    private final Cluster cluster = Cluster.ofThree(40);

    @BeforeEach
    void awaitLeader() {
        cluster.awaitLeader();
    }

    private void grant(Host host, long id, long ttl) {
        assertThat(cluster.submit(host, new Command.LeaseGrant(id, ttl))).isInstanceOf(Outcome.Done.class);
        Op.Put leased = Op.Put.of(Bytes.utf8("leased" + id), Bytes.EMPTY).withLease(id);
        assertThat(cluster.submit(host, leased)).isInstanceOf(Outcome.Done.class);
    }

    private LeaseOutcome keepAlive(Host host, long id) {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        host.replica.keepAlive(id, 7 * Cluster.SECOND, outcomes::add);
        cluster.await(8 * Cluster.SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0);
    }

    private LeaseOutcome timeToLive(Host host, long id) {
        List<LeaseOutcome> outcomes = new ArrayList<>();
        host.replica.timeToLive(id, true, 7 * Cluster.SECOND, outcomes::add);
        cluster.await(8 * Cluster.SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0);
    }

    private static long ttl(LeaseOutcome outcome) {
        return ((LeaseOutcome.Renewed) outcome).ttlSeconds();
    }

    @Test
    void aLeaseGrantedThroughOneMemberIsRenewedThroughAnother() { // contract: lease.alive.3
        grant(cluster.follower(), 5, 10);

        for (String name : cluster.names) {
            assertThat(ttl(keepAlive(cluster.host(name), 5))).isEqualTo(10);
        }
    }

    @Test
    void withoutRenewalsItEndsInTimeAndItsKeysGoEverywhere() { // contract: lease.expire.1, lease.ttl.2
        grant(cluster.host("a"), 5, 3);

        cluster.world.play(2_900 * Cluster.MILLI);
        assertThat(cluster.get(cluster.host("b"), "leased5")).isEmpty();
        cluster.world.play(1_500 * Cluster.MILLI);

        assertThat(cluster.get(cluster.host("b"), "leased5")).isEqualTo("none");
        assertThat(ttl(keepAlive(cluster.host("c"), 5))).isZero();
        assertThat(timeToLive(cluster.host("c"), 5)).isInstanceOfSatisfying(LeaseOutcome.TimeToLive.class, missing -> {
            assertThat(missing.remainingSeconds()).isEqualTo(-1);
            assertThat(missing.grantedSeconds()).isZero();
        });
    }

    @Test
    void theLeaderSaysWhatIsLeftAndWhatHangsOnIt() { // contract: lease.ttl.1, read.2
        grant(cluster.host("a"), 5, 30);
        cluster.world.play(5 * Cluster.SECOND);

        assertThat(timeToLive(cluster.follower(), 5)).isInstanceOfSatisfying(LeaseOutcome.TimeToLive.class, found -> {
            assertThat(found.remainingSeconds()).isBetween(24L, 25L);
            assertThat(found.grantedSeconds()).isEqualTo(30);
            assertThat(found.keys()).containsExactly(Bytes.utf8("leased5"));
        });
    }

    @Test
    void aNewLeaderGivesEveryLeaseItsFullTimeAgain() { // contract: lease.expire.2
        grant(cluster.follower(), 5, 6);
        cluster.world.play(5 * Cluster.SECOND);

        cluster.crash(cluster.leader().name);
        cluster.world.play(3 * Cluster.SECOND);
        cluster.awaitLeader();

        assertThat(ttl(keepAlive(cluster.hosts.firstEntry().getValue(), 5))).isEqualTo(6);
        cluster.world.play(9 * Cluster.SECOND);
        assertThat(cluster.get(cluster.hosts.firstEntry().getValue(), "leased5"))
                .isEqualTo("none");
    }

    @Test
    void withoutALeaderARenewalFailsInTime() { // contract: lease.alive.4
        Host alone = cluster.follower();
        cluster.names.stream()
                .filter(name -> !name.equals(alone.name))
                .forEach(name -> cluster.world.cut(alone.name, name));
        cluster.world.play(5 * Cluster.SECOND);

        assertThat(keepAlive(alone, 5)).isEqualTo(new LeaseOutcome.Failed(Failure.NO_LEADER));
    }

    @Test
    void manyRenewalsAtOnceTravelTogether() {
        for (long id = 1; id <= 200; id++) {
            cluster.host("a").replica.submit(new Command.LeaseGrant(id, 60), 7 * Cluster.SECOND, outcome -> {});
        }
        cluster.world.play(Cluster.SECOND);
        Host follower = cluster.follower();
        List<LeaseOutcome> outcomes = new ArrayList<>();

        for (long id = 1; id <= 200; id++) {
            follower.replica.keepAlive(id, Cluster.SECOND, outcomes::add);
        }
        cluster.await(Cluster.SECOND, () -> outcomes.size() == 200);

        assertThat(outcomes).allMatch(outcome -> ttl(outcome) == 60);
    }
}
