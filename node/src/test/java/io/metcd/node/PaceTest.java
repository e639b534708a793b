package io.metcd.node;

import static io.metcd.node.Cluster.MILLI;
import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The timers of consensus follow what the mesh measures. */
class PaceTest {
    private static Cluster farApart(long oneWayMillis, boolean measured) {
        Cluster cluster = new Cluster(3, "a", "b", "c");
        cluster.world.delayNanosMin = oneWayMillis * MILLI;
        cluster.world.delayNanosMax = (oneWayMillis + 100) * MILLI;
        if (measured) {
            cluster.world.usualNanos = 2 * oneWayMillis * MILLI;
            cluster.world.slowNanos = 2 * (oneWayMillis + 100) * MILLI;
        }
        cluster.names.forEach(cluster::start);
        return cluster;
    }

    private static long leadersIn(Cluster cluster, int seconds) {
        long changes = 0;
        String leader = "";
        for (int i = 0; i < seconds * 10; i++) {
            cluster.world.play(100 * MILLI);
            String now = cluster.hosts.values().stream()
                    .filter(host -> host.replica.status().isLeader())
                    .map(host -> host.name + host.replica.status().term())
                    .reduce("", String::concat);
            changes += now.equals(leader) ? 0 : 1;
            leader = now;
        }
        return changes;
    }

    @Test
    void membersThatAreASecondApartKeepTheirLeader() {
        Cluster cluster = farApart(600, true);
        cluster.await(
                120 * SECOND,
                () -> cluster.hosts.values().stream()
                        .allMatch(host -> host.replica.status().hasLeader()));
        cluster.world.play(20 * SECOND);

        assertThat(leadersIn(cluster, 120)).isLessThanOrEqualTo(1);
        assertThat(cluster.put(cluster.follower(), "far", "away")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void whoIsCloseIsAsQuickAsConfigured() {
        Cluster cluster = farApart(1, true);
        cluster.awaitLeader();
        Cluster.Host leader = cluster.leader();

        cluster.crash(leader.name);

        cluster.await(
                SECOND,
                () -> cluster.hosts.values().stream()
                        .anyMatch(host -> host.replica.status().isLeader()));
    }

    @Test
    void pathsThatHaveBecomeQuickMakeElectionsQuickAgain() {
        Cluster cluster = farApart(300, true);
        cluster.await(
                60 * SECOND,
                () -> cluster.hosts.values().stream()
                        .allMatch(host -> host.replica.status().hasLeader()));
        cluster.world.delayNanosMin = MILLI;
        cluster.world.delayNanosMax = 2 * MILLI;
        cluster.world.usualNanos = 2 * MILLI;
        cluster.world.slowNanos = 4 * MILLI;
        cluster.world.changed();
        cluster.world.play(3 * SECOND);
        Cluster.Host leader = cluster.leader();

        // Frozen, not gone: the mesh shows it to be there, so that only the timers notice.
        cluster.names.stream()
                .filter(name -> !name.equals(leader.name))
                .forEach(name -> cluster.host(name).mesh.deafTo = leader.name);

        cluster.await(
                4 * SECOND,
                () -> cluster.hosts.values().stream()
                        .anyMatch(
                                host -> host != leader && host.replica.status().isLeader()));
    }
}
