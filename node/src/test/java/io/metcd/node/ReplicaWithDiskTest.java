package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.testkit.disk.SimDisk;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaWithDiskTest {
    private final Cluster cluster = new Cluster(50, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();
    private final TreeMap<String, Integer> keys = new TreeMap<>();

    /** On the disk that it has, or on a fresh one with another key. */
    private void start(String name) {
        SimDisk disk = disks.computeIfAbsent(name, each -> {
            keys.merge(name, 1, Integer::sum);
            return new SimDisk(RandomSource.seeded(1));
        });
        cluster.start(name, disk, name + keys.get(name));
    }

    private void startAll() {
        cluster.names.forEach(this::start);
        cluster.awaitLeader();
    }

    private void crashAll() {
        List.copyOf(cluster.hosts.keySet()).forEach(cluster::crash);
        cluster.world.play(Cluster.SECOND);
    }

    @Test
    void afterAllHaveCrashedEverythingAcknowledgedIsThere() { // contract: mvcc.revision.5
        startAll();
        for (int i = 0; i < 20; i++) {
            assertThat(cluster.put(cluster.host(cluster.names.get(i % 3)), "k" + i, "v" + i))
                    .isInstanceOf(Outcome.Done.class);
        }

        crashAll();
        startAll();

        for (int i = 0; i < 20; i++) {
            assertThat(cluster.get(cluster.host(cluster.names.get(i % 3)), "k" + i))
                    .isEqualTo("v" + i);
        }
        assertThat(cluster.put(cluster.host("a"), "again", "v")).isInstanceOf(Outcome.Done.class);
    }

    @Test
    void aMajorityOfSlotsFoundsAndServesWithoutTheThird() {
        start("a");
        start("b");
        cluster.awaitLeader();

        assertThat(cluster.put(cluster.host("a"), "k", "v")).isInstanceOf(Outcome.Done.class);
        start("c");
        cluster.awaitLeader();

        assertThat(cluster.get(cluster.host("c"), "k")).isEqualTo("v");
    }

    @Test
    void aMemberRecoversFromItsOwnSnapshotAndTheLogBehindIt() {
        Limits limits = Limits.DEFAULT.withLogBytesKept(64 * 1024).withJournalBytesMin(100_000);
        cluster.configure = config -> config.withLimits(limits);
        startAll();
        Bytes value = Bytes.wrap(new byte[1000]);
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 50; i++) {
                Op.Put put = Op.Put.of(Bytes.utf8("k" + i), value);
                cluster.host("a").replica.submit(put, 7 * Cluster.SECOND, outcome -> {});
            }
            cluster.put(cluster.host("b"), "round", "" + round);
            if (round == 6) {
                cluster.submit(
                        cluster.host("a"),
                        new Command.Compact(cluster.host("a").replica.root().revision()));
            }
        }
        cluster.world.play(2 * Cluster.SECOND);
        long hash = cluster.host("a").replica.root().stateHash();
        assertThat(Objects.requireNonNull(disks.get("a")).list())
                .as("a snapshot was written")
                .anyMatch(file -> file.startsWith("snapshot-"));

        crashAll();
        startAll();
        cluster.world.play(Cluster.SECOND);

        assertThat(cluster.get(cluster.host("c"), "round")).isEqualTo("9");
        assertThat(cluster.host("a").replica.root().stateHash())
                .isEqualTo(cluster.host("b").replica.root().stateHash())
                .isNotEqualTo(hash);
    }

    @Test
    void aLogOfNothingButNewKeysIsCutBehindSnapshotsToo() {
        cluster.configure = config -> config.withLimits(Limits.DEFAULT.withJournalBytesMin(100_000));
        startAll();
        Bytes value = Bytes.wrap(new byte[1000]);
        for (int i = 0; i < 1000; i++) {
            Op.Put put = Op.Put.of(Bytes.utf8("k" + i), value);
            cluster.host("a").replica.submit(put, 7 * Cluster.SECOND, outcome -> {});
            cluster.world.play(Cluster.MILLI);
        }
        cluster.world.play(5 * Cluster.SECOND);

        SimDisk disk = Objects.requireNonNull(disks.get("a"));
        assertThat(disk.list().stream().filter(file -> file.startsWith("snapshot-")))
                .hasSize(2);
        assertThat(disk.list()).as("the log from its beginning").doesNotContain("log-0000000000000001");
    }

    @Test
    void eachIsKilledAndComesBackAsTheSameMember() {
        startAll();
        for (String name : cluster.names) {
            long id = cluster.host(name).replica.status().memberId();
            String other = name.equals("a") ? "b" : "a";
            cluster.crash(name);
            assertThat(cluster.put(cluster.host(other), "without-" + name, "v")).isInstanceOf(Outcome.Done.class);

            start(name);
            cluster.awaitLeader();

            assertThat(cluster.host(name).replica.status().memberId()).isEqualTo(id);
            assertThat(cluster.get(cluster.host(name), "without-" + name)).isEqualTo("v");
        }
        assertThat(cluster.host("a").replica.root().members()).hasSize(3);
    }

    @Test
    void everyFounderComputesTheSameIds() { // contract: cluster.list.1
        startAll();

        FoundingSet slots = FoundingSet.ofSlots("orders", cluster.names);
        for (String name : cluster.names) {
            assertThat(cluster.host(name).replica.status().memberId()).isEqualTo(slots.memberId(name));
            assertThat(cluster.host(name).replica.status().clusterId()).isEqualTo(slots.clusterId());
        }
    }

    @Test
    void aPeerWithoutTheDiskOfItsSlotIsNotLetBackIntoIt() {
        startAll();
        cluster.await(
                5 * Cluster.SECOND,
                () -> cluster.host("a").replica.root().members().stream()
                                .filter(member -> !member.peer().isEmpty())
                                .count()
                        == 3);
        cluster.crash("c");
        disks.remove("c");

        start("c");
        cluster.world.play(20 * Cluster.SECOND);

        assertThat(cluster.host("c").replica.status().commit()).isZero();
        assertThat(cluster.put(cluster.host("b"), "k", "w")).isInstanceOf(Outcome.Done.class);
    }
}
