package io.metcd.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.Clock;
import io.metcd.base.RandomSource;
import io.metcd.journal.DiskJournal;
import io.metcd.journal.Workers;
import io.metcd.store.command.Command;
import io.metcd.store.command.Op;
import io.metcd.testkit.disk.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplicaWithDiskTest {
    private final Cluster cluster = new Cluster(50, "a", "b", "c");
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();
    private long lives = 1000;

    private void start(String name) {
        try {
            SimDisk disk = disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1)));
            DiskJournal.Setup setup = new DiskJournal.Setup(
                    io.metcd.journal.Limits.SMALL, Clock.system(), RandomSource.seeded(2), Workers.INLINE);
            cluster.start(name, DiskJournal.open(disk, Bytes.utf8("orders/" + name), setup), ++lives);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    void afterAllHaveCrashedEverythingAcknowledgedIsThere() {
        cluster.configure = ReplicaConfig::durable;
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
        cluster.configure = ReplicaConfig::durable;
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
        cluster.configure = config -> config.durable().withLimits(limits);
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
}
