package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.node.Cluster.Host;
import io.metcd.store.command.Op;
import io.metcd.store.kv.Event;
import io.metcd.store.kv.RangeQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaUnderLossTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatIsAcknowledgedIsThereOnceOnEveryMember(long seed) {
        Cluster cluster = Cluster.ofThree(seed);
        cluster.awaitLeader();
        cluster.world.loss = 0.15;
        cluster.world.repetition = 0.1;
        cluster.world.delayNanosMax = 20 * Cluster.MILLI;
        List<String> acknowledged = new ArrayList<>();

        for (int i = 0; i < 300; i++) {
            String key = "k" + i;
            Host host = cluster.host(cluster.names.get(i % 3));
            host.replica.submit(Op.Put.of(Bytes.utf8(key), Bytes.utf8("v")), 7 * Cluster.SECOND, outcome -> {
                if (outcome instanceof Outcome.Done) {
                    acknowledged.add(key);
                }
            });
            cluster.world.play(10 * Cluster.MILLI);
            if (i == 100) {
                cluster.world.cut(cluster.leader().name, cluster.follower().name);
            }
            if (i == 200) {
                cluster.world.heal();
            }
        }
        cluster.world.loss = 0;
        cluster.world.repetition = 0;
        cluster.world.play(10 * Cluster.SECOND);

        assertThat(acknowledged).hasSizeGreaterThan(250).doesNotHaveDuplicates();
        for (Host host : cluster.hosts.values()) {
            assertThat(host.replica.root().stateHash())
                    .isEqualTo(cluster.host("a").replica.root().stateHash());
            assertThat(host.events.stream().map(Event::kv).map(kv -> kv.key().toUtf8()))
                    .containsAll(acknowledged)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void readsSeeEveryWriteThatWasAcknowledgedBeforeThroughWhicheverMember() { // contract: kv.range.20
        Cluster cluster = Cluster.ofThree(20);
        cluster.awaitLeader();
        cluster.world.loss = 0.1;
        cluster.world.delayNanosMax = 30 * Cluster.MILLI;

        for (int i = 0; i < 60; i++) {
            Outcome put = cluster.put(cluster.host(cluster.names.get(i % 3)), "k", "v" + i);
            assertThat(put).isInstanceOf(Outcome.Done.class);

            assertThat(cluster.get(cluster.host(cluster.names.get((i + 1) % 3)), "k"))
                    .isEqualTo("v" + i);
        }
    }

    @Test
    void allReadsOfATurnShareOneRound() {
        Cluster cluster = Cluster.ofThree(21);
        cluster.awaitLeader();
        Host follower = cluster.follower();
        List<ReadOutcome> outcomes = new ArrayList<>();

        for (int i = 0; i < 100; i++) {
            follower.replica.read(Cluster.SECOND, outcomes::add);
        }
        cluster.await(Cluster.SECOND, () -> outcomes.size() == 100);

        assertThat(outcomes).hasOnlyElementsOfType(ReadOutcome.At.class);
        assertThat(follower.replica.status().counters().readRounds()).isEqualTo(1);
    }

    @Test
    void aMemberThatFellBehindTheLogFetchesTheStateInPiecesUnderLoss() {
        Cluster cluster = new Cluster(30, "a", "b", "c");
        cluster.configure = config -> config.withLimits(Limits.DEFAULT.withLogBytesKept(64 * 1024));
        cluster.names.forEach(cluster::start);
        cluster.awaitLeader();
        Host lagging = cluster.follower();
        List<String> others = new ArrayList<>(cluster.names);
        others.remove(lagging.name);
        others.forEach(name -> cluster.world.cut(lagging.name, name));
        Bytes large = Bytes.wrap(new byte[20_000]);
        for (int i = 0; i < 100; i++) {
            cluster.submit(cluster.host(others.get(i % 2)), Op.Put.of(Bytes.utf8("k" + i), large));
        }

        cluster.world.loss = 0.2;
        cluster.world.heal();
        cluster.await(
                60 * Cluster.SECOND,
                () -> lagging.replica.root().revision()
                        == cluster.leader().replica.root().revision());

        cluster.world.loss = 0;
        cluster.world.play(2 * Cluster.SECOND);
        assertThat(lagging.replica.status().counters().snapshotsInstalled()).isPositive();
        assertThat(lagging.replica.root().stateHash())
                .isEqualTo(cluster.leader().replica.root().stateHash());
        assertThat(lagging.replica.root().range(RangeQuery.key(Bytes.utf8("k0")).withRevision(2)))
                .as("the history came along")
                .isEqualTo(cluster.leader()
                        .replica
                        .root()
                        .range(RangeQuery.key(Bytes.utf8("k0")).withRevision(2)));
        assertThat(cluster.put(lagging, "after", "v")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aProposalInFlightWhileASnapshotPassesItIsAnsweredOnce() {
        Cluster cluster = new Cluster(31, "a", "b", "c");
        cluster.configure = config -> config.withLimits(Limits.DEFAULT.withLogBytesKept(16 * 1024));
        cluster.names.forEach(cluster::start);
        cluster.awaitLeader();
        Host writer = cluster.follower();
        TreeMap<String, Integer> outcomes = new TreeMap<>();
        for (int i = 0; i < 50; i++) {
            String key = "w" + i;
            writer.replica.submit(
                    Op.Put.of(Bytes.utf8(key), Bytes.wrap(new byte[4000])),
                    20 * Cluster.SECOND,
                    outcome -> outcomes.merge(key, 1, Integer::sum));
        }
        cluster.world.play(600_000);
        cluster.names.stream()
                .filter(name -> !name.equals(writer.name))
                .forEach(name -> cluster.world.cut(writer.name, name));
        cluster.world.play(2 * Cluster.SECOND);

        cluster.world.heal();
        cluster.await(30 * Cluster.SECOND, () -> outcomes.size() == 50);

        cluster.world.play(2 * Cluster.SECOND);
        assertThat(outcomes.values()).containsOnly(1);
        assertThat(writer.replica.status().counters().snapshotsInstalled()).isEqualTo(1);
        assertThat(writer.replica.status().counters().duplicates()).isPositive();
        assertThat(writer.replica.root().stateHash())
                .isEqualTo(cluster.leader().replica.root().stateHash());
        assertThat(Cluster.keys(writer)).isEqualTo(50);
    }
}
