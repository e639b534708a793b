package io.metcd.node;

import static io.metcd.node.Cluster.MILLI;
import static io.metcd.node.Cluster.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.metcd.base.Bytes;
import io.metcd.base.RandomSource;
import io.metcd.node.Cluster.Host;
import io.metcd.store.Root;
import io.metcd.store.command.CommandResult.TxnResult;
import io.metcd.store.command.Compare;
import io.metcd.store.command.Op;
import io.metcd.store.kv.RangeQuery;
import io.metcd.store.kv.RangeResult;
import io.metcd.testkit.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one client sees, whichever members it asks, while they lose their leader, each other and their processes. */
class OneClientTest {
    private final TreeMap<String, SimDisk> disks = new TreeMap<>();
    private Cluster cluster = new Cluster(0, "none");

    private void start(String name) {
        cluster.start(name, disks.computeIfAbsent(name, each -> new SimDisk(RandomSource.seeded(1))), name);
    }

    private void startThree(long seed) {
        cluster = new Cluster(seed, "a", "b", "c");
        cluster.names.forEach(this::start);
        cluster.awaitLeader();
    }

    @ParameterizedTest
    @ValueSource(longs = {71, 72, 73})
    void theRevisionNeverGoesBack(long seed) { // contract: mvcc.revision.5
        startThree(seed);
        RandomSource random = RandomSource.seeded(seed);
        long seen = 0;
        int answers = 0;
        for (int round = 0; round < 60; round++) {
            String victim = cluster.names.get(random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> {
                    cluster.crash(victim);
                    start(victim);
                }
                case 1 ->
                    cluster.names.stream()
                            .filter(other -> !other.equals(victim))
                            .forEach(other -> cluster.world.cut(victim, other));
                case 2 -> cluster.world.heal();
                default -> cluster.world.play(random.between(1, 2 * SECOND));
            }
            Host writer = cluster.host(cluster.names.get(random.nextInt(3)));
            writer.replica.submit(Op.Put.of(Bytes.utf8("k"), Bytes.utf8("" + round)), 2 * SECOND, outcome -> {});
            cluster.world.play(random.between(1, 300 * MILLI));
            Optional<Root> answer = read(cluster.host(cluster.names.get(random.nextInt(3))));
            if (answer.isPresent()) {
                assertThat(answer.get().revision()).as("round %d", round).isGreaterThanOrEqualTo(seen);
                seen = answer.get().revision();
                answers++;
            }
        }
        assertThat(answers).isGreaterThan(20);
        assertThat(seen).isGreaterThan(20);
    }

    @Test
    void aTransactionWithoutAMajorityFailsAndHappensOnceOrNever() { // contract: kv.txn.23
        startThree(78);
        Host asked = cluster.follower();
        TreeMap<String, Outcome> outcomes = new TreeMap<>();
        cluster.world.loss = 0.3;
        cluster.world.repetition = 0.3;
        cluster.world.delayNanosMax = 20 * MILLI;
        for (int i = 0; i < 60; i++) {
            String key = "k" + i;
            asked.replica.submit(put(key), 3 * SECOND, outcome -> outcomes.put(key, outcome));
            cluster.world.play(10 * MILLI);
            if (i % 20 == 10) {
                Host leader = cluster.leader();
                cluster.names.stream()
                        .filter(name -> !name.equals(leader.name))
                        .forEach(name -> cluster.world.cut(leader.name, name));
                cluster.world.play(700 * MILLI);
                cluster.world.heal();
                cluster.world.play(500 * MILLI);
            }
        }
        cluster.world.cut("a", "b");
        cluster.world.cut("b", "c");
        cluster.world.cut("a", "c");
        cluster.world.play(4 * SECOND);
        assertThat(outcomes).hasSize(60).containsValue(new Outcome.Failed(Failure.TIMED_OUT));

        cluster.world.heal();
        cluster.world.loss = 0;
        cluster.awaitLeader();
        cluster.world.play(10 * SECOND);

        assertThat(asked.replica.status().counters().duplicates())
                .as("entries that came twice")
                .isPositive();
        Root after = read(asked).orElseThrow();
        outcomes.forEach((key, outcome) -> {
            RangeResult.Ok found = (RangeResult.Ok) after.range(RangeQuery.key(Bytes.utf8(key)));
            assertThat(found.kvs()).as("%s: %s", key, outcome).allMatch(pair -> pair.version() == 1);
            assertThat(found.kvs().size()).as("%s: %s", key, outcome).isGreaterThanOrEqualTo(done(outcome) ? 1 : 0);
        });
    }

    private static boolean done(Outcome outcome) {
        return outcome instanceof Outcome.Done;
    }

    @Test
    void aTransactionAndPutsThatRaceAgreeWithTheirRevisions() { // contract: kv.txn.24
        startThree(75);
        for (int round = 0; round < 20; round++) {
            String key = "k" + round;
            Op.Txn txn = new Op.Txn(
                    List.of(Compare.number(Bytes.utf8(key), Compare.Target.VERSION, Compare.Result.EQUAL, 0)),
                    List.of(Op.Put.of(Bytes.utf8("won" + round), Bytes.EMPTY)),
                    List.of(Op.Put.of(Bytes.utf8("lost" + round), Bytes.EMPTY)));
            List<Outcome> put = new ArrayList<>();
            List<Outcome> tried = new ArrayList<>();

            cluster.host("a").replica.submit(Op.Put.of(Bytes.utf8(key), Bytes.EMPTY), 7 * SECOND, put::add);
            cluster.host("b").replica.submit(txn, 7 * SECOND, tried::add);
            cluster.await(8 * SECOND, () -> put.size() + tried.size() == 2);

            TxnResult result = (TxnResult) ((Outcome.Done) tried.get(0)).result();
            boolean first =
                    result.revision() < ((Outcome.Done) put.get(0)).result().revision();
            assertThat(result.succeeded()).as("round %d: %s", round, result).isEqualTo(first);
        }
    }

    private static Op.Txn put(String key) {
        return new Op.Txn(List.of(), List.of(Op.Put.of(Bytes.utf8(key), Bytes.EMPTY)), List.of());
    }

    private Optional<Root> read(Host host) {
        List<ReadOutcome> outcomes = new ArrayList<>();
        host.replica.read(SECOND, outcomes::add);
        cluster.await(2 * SECOND, () -> !outcomes.isEmpty());
        return outcomes.get(0) instanceof ReadOutcome.At at ? Optional.of(at.root()) : Optional.empty();
    }
}
