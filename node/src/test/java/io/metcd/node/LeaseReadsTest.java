package io.metcd.node;

import static io.metcd.node.Cluster.MILLI;
import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.node.Cluster.Host;
import io.metcd.store.kv.RangeQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A leader that reads by the promises of its followers (thesis §6.4.1). */
class LeaseReadsTest {
    private static Cluster ofThree(boolean leases) {
        Cluster cluster = new Cluster(5, "a", "b", "c");
        if (leases) {
            cluster.configure = config -> config.withTiming(config.timing().withLeaseReads());
        }
        cluster.names.forEach(cluster::start);
        cluster.awaitLeader();
        assertThat(cluster.put(cluster.leader(), "color", "red")).isInstanceOf(Outcome.Done.class);
        cluster.world.play(SECOND);
        return cluster;
    }

    /** What is read within a time in which no packet can have come back; empty if nothing. */
    private static Optional<String> readAtOnce(Cluster cluster, Host host) {
        List<String> values = read(host);
        cluster.world.play(MILLI / 10);
        return values.stream().findFirst();
    }

    private static List<String> read(Host host) {
        List<String> values = new ArrayList<>();
        host.replica.read(
                7 * SECOND,
                outcome -> values.add(
                        outcome instanceof ReadOutcome.At at
                                ? Cluster.value(at.root().range(RangeQuery.key(Bytes.utf8("color"))))
                                : outcome.toString()));
        return values;
    }

    @Test
    void theLeaderAnswersWithoutAskingAnybody() { // contract: flag.13
        Cluster asking = ofThree(false);
        assertThat(readAtOnce(asking, asking.leader())).isEmpty();

        Cluster trusting = ofThree(true);
        assertThat(readAtOnce(trusting, trusting.leader())).contains("red");
        assertThat(trusting.get(trusting.follower(), "color")).isEqualTo("red");
    }

    /** The leader stands still, nothing reaches it, and the others elect another one, which writes. */
    private static void leaveBehind(Cluster cluster, Host old) {
        old.paused = true;
        cut(cluster, old);
        cluster.world.play(5 * SECOND);
        Host next = cluster.hosts.values().stream()
                .filter(each -> each != old && each.replica.status().isLeader())
                .findFirst()
                .orElseThrow();
        assertThat(cluster.put(next, "color", "blue")).isInstanceOf(Outcome.Done.class);
    }

    private static void cut(Cluster cluster, Host host) {
        cluster.names.stream()
                .filter(name -> !name.equals(host.name))
                .forEach(name -> cluster.world.cut(host.name, name));
    }

    @Test
    void aLeaderThatStoodStillDoesNotTrustItsLease() { // contract: flag.13
        Cluster cluster = ofThree(true);
        Host old = cluster.leader();
        leaveBehind(cluster, old);

        List<String> values = read(old);
        old.paused = false;
        old.wake();
        cluster.world.play(SECOND);
        assertThat(values).doesNotContain("red");

        cluster.world.heal();
        cluster.world.play(2 * SECOND);
        assertThat(cluster.get(old, "color")).isEqualTo("blue");
    }

    @Test
    void norDoesOneThatStoodStillInTheMidstOfATurn() {
        Cluster cluster = ofThree(true);
        Host old = cluster.leader();
        List<List<String>> values = new ArrayList<>();
        old.afterClock = Optional.of(() -> {
            leaveBehind(cluster, old);
            values.add(read(old));
            old.paused = false;
        });

        cluster.world.play(2 * SECOND);
        assertThat(values).hasSize(1);
        assertThat(values.get(0)).doesNotContain("red");

        cluster.world.heal();
        cluster.world.play(2 * SECOND);
        assertThat(cluster.get(old, "color")).isEqualTo("blue");
    }

    @Test
    void followersKeepTheirPromiseThoughTheMeshShowsTheLeaderGone() { // contract: flag.13
        Cluster cluster = ofThree(true);
        Host old = cluster.leader();
        long term = old.replica.status().term();
        cut(cluster, old);

        cluster.world.play(500 * MILLI);
        assertThat(cluster.leader().replica.status().term()).isEqualTo(term);
        cluster.await(
                3 * SECOND,
                () -> cluster.hosts.values().stream()
                        .anyMatch(host -> host.replica.status().isLeader()
                                && host.replica.status().term() > term));
    }
}
