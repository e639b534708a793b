package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.LineCluster;
import io.metcd.conformance.Member;
import io.metcd.conformance.Product;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** From the moment a leader is killed, or frozen, to the first write that the others acknowledge. */
final class FailoverTorture {
    private static final Duration KILLED_LIMIT = Duration.ofMillis(1_500);
    private static final Duration FROZEN_LIMIT = Duration.ofMillis(2_500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int CALM_MILLIS = 700;

    private final DurableCluster cluster;
    private final Ledger ledger = new Ledger();
    private final Random random = new Random();
    private final Durations killed = new Durations();
    private final Durations frozen = new Durations();

    private FailoverTorture(DurableCluster cluster) {
        this.cluster = cluster;
    }

    /** Kills {@code times} leaders and freezes as many; judges metcd by its limits and etcd by none. */
    static String play(Product product, int times, boolean judged) {
        try (DurableCluster cluster = DurableCluster.start(product, LineCluster.NAMES)) {
            FailoverTorture torture = new FailoverTorture(cluster);
            for (int i = 0; i < times; i++) {
                torture.kill();
                torture.freeze();
            }
            torture.nothingIsLost();
            String figure = "torture failover: " + product.name() + ", first acknowledged write after " + times
                    + " leaders killed " + torture.killed + limit(KILLED_LIMIT, judged) + "; after " + times
                    + " leaders frozen " + torture.frozen + limit(FROZEN_LIMIT, judged) + "; "
                    + torture.ledger.acknowledged() + " acknowledged writes, 0 lost";
            boolean slow = torture.killed.percentile(99).compareTo(KILLED_LIMIT) > 0
                    || torture.frozen.percentile(99).compareTo(FROZEN_LIMIT) > 0;
            if (judged && slow) {
                throw new Ledger.BrokenPromise("too slow: " + figure);
            }
            return figure;
        }
    }

    private void kill() {
        String leader = strike(Member::kill, killed);
        cluster.boot(leader);
        cluster.awaitServing(leader);
    }

    private void freeze() {
        String leader = strike(Member::freeze, frozen);
        cluster.member(leader).thaw();
        cluster.awaitServing(leader);
    }

    private String strike(Consumer<Member> blow, Durations times) {
        LockSupport.parkNanos(
                Duration.ofMillis(CALM_MILLIS + random.nextInt(CALM_MILLIS)).toNanos());
        String leader = cluster.leader();
        List<String> others = cluster.names().stream()
                .filter(name -> !name.equals(leader))
                .map(cluster::endpoint)
                .toList();
        long start = System.nanoTime();
        blow.accept(cluster.member(leader));
        Duration blown = Duration.ofNanos(System.nanoTime() - start);
        times.add(Probe.firstWrite(ledger, others, PATIENCE).plus(blown));
        return leader;
    }

    private void nothingIsLost() {
        for (String name : cluster.names()) {
            Ledger.Expectation expected = ledger.expect("t/");
            try (KvClient client = KvClient.open(cluster.endpoint(name), PATIENCE)) {
                expected.mustEqual(client.list("t/"), name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static String limit(Duration limit, boolean judged) {
        return judged ? " (limit of p99 " + limit.toMillis() + " ms)" : "";
    }
}
