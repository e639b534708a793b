package io.metcd.conformance.torture;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.LineCluster;
import io.metcd.conformance.Member;
import io.metcd.conformance.Product;
import io.metcd.conformance.Waiting;
import io.metcd.conformance.client.KvClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * Processes of members killed with SIGKILL while clients write through all of them. After each round of kills every
 * member must have booted from its directory, all must reach one state at one index, and what was acknowledged must be
 * there through each of them. A kill counts when the killed process had a directory that a later one booted from.
 */
final class KillTorture {
    private static final Duration READ_LIMIT = Duration.ofSeconds(20);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(20);
    private static final Duration SYNC_LIMIT = Duration.ofSeconds(10);
    private static final int WRITERS_EACH = 2;
    private static final int UP_MILLIS_MAX = 400;
    private static final int BOOTING_MILLIS_MAX = 2_000;
    private static final int SYNCS_MAX = 120;
    private static final int FULL_CHECK_ROUNDS = 50;
    private static final String ALL_KEYS = "t/";

    private final DurableCluster cluster;
    private final Random random;
    private final Plant plant;
    private final Ledger ledger = new Ledger();
    private final Durations recoveries = new Durations();
    private long lastRevision;
    private int kills;
    private int rounds;

    KillTorture(DurableCluster cluster, long seed, Plant plant) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.plant = plant;
    }

    /** Starts three members, kills {@code cycles} times, and returns the figure. */
    static String play(Product product, int cycles, long seed, Plant plant) {
        DurableCluster cluster = DurableCluster.start(product, LineCluster.NAMES);
        try {
            String figure = new KillTorture(cluster, seed, plant).run(cycles);
            cluster.close();
            return "torture kill: " + product.name() + ", " + figure;
        } catch (RuntimeException e) {
            cluster.stopAll();
            throw new IllegalStateException(
                    "seed " + seed + ": " + e.getMessage() + "\nthe directories are left in " + cluster.root(), e);
        }
    }

    private String run(int cycles) {
        long start = System.nanoTime();
        try (Writers writers = new Writers(ledger, cluster.endpoints(), WRITERS_EACH)) {
            writers.start(prefix(0));
            while (kills < cycles) {
                rounds++;
                park(random.nextInt(UP_MILLIS_MAX));
                strike(Blow.random(random));
                writers.check();
                writers.pause();
                plant.afterRound(cluster, ledger, prefix(rounds - 1), kills * 2 > cycles);
                settle();
                verify(rounds % FULL_CHECK_ROUNDS == 0 ? ALL_KEYS : prefix(rounds - 1), writers);
            }
        }
        for (String name : cluster.names()) {
            compare(name, ALL_KEYS);
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
        return String.format(
                "%d kills in %d rounds and %d s, every directory booted, %d acknowledged writes, 0 lost, %d without an answer and"
                        + " without effect, equal state hashes after each round, recovery %s",
                kills, rounds, seconds, ledger.acknowledged(), ledger.unknown(), recoveries);
    }

    private void strike(Blow blow) {
        List<String> names = new ArrayList<>(cluster.names());
        Collections.shuffle(names, random);
        switch (blow) {
            case ONE -> killAndBoot(names.subList(0, 1));
            case TWO -> killAndBoot(names.subList(0, 2));
            case ALL -> killAndBoot(names);
            case TWICE -> {
                killAndBoot(names.subList(0, 1));
                park(random.nextInt(BOOTING_MILLIS_MAX));
                killAndBoot(names.subList(0, 1));
            }
            case AT_SYNC -> killAtSync(names.get(0));
        }
        int struck = switch (blow) {
            case ALL -> names.size();
            case TWO -> 2;
            default -> 1;
        };
        names.subList(0, struck).forEach(name -> recoveries.add(cluster.awaitServing(name)));
        names.forEach(cluster::awaitServing);
    }

    private void killAndBoot(List<String> names) {
        List<Member> victims = names.stream().map(cluster::member).toList();
        victims.forEach(Member::strike);
        victims.forEach(member -> member.awaitExit(Duration.ofSeconds(10)));
        kills += victims.size();
        names.forEach(cluster::boot);
    }

    /** The sync is asked for and never done: what was written since the last one is in the kernel alone. */
    private void killAtSync(String name) {
        cluster.member(name).kill();
        int sync = 1 + random.nextInt(SYNCS_MAX);
        Member member = cluster.bootUnder(Strace.killAtSync(sync), name);
        if (!member.endsWithin(SYNC_LIMIT)) {
            member.kill();
        }
        kills += 2;
        cluster.boot(name);
    }

    /** All members at one position, and then of one state. */
    private void settle() {
        List<Product.StateMark> marks = new ArrayList<>();
        Waiting.until("all members at one index", SETTLE_LIMIT, marks::toString, () -> {
            marks.clear();
            cluster.names().forEach(name -> marks.add(cluster.state(name)));
            return marks.stream()
                            .mapToLong(Product.StateMark::position)
                            .distinct()
                            .count()
                    == 1;
        });
        if (new TreeSet<>(marks.stream().map(Product.StateMark::hash).toList()).size() != 1) {
            throw new Ledger.BrokenPromise("at one index the members " + cluster.names() + " hold " + marks);
        }
    }

    private void verify(String span, Writers writers) {
        try {
            for (String name : cluster.names()) {
                compare(name, span);
            }
        } finally {
            writers.turnTo(prefix(rounds));
            writers.resume();
        }
    }

    private void compare(String name, String span) {
        Ledger.Expectation expected = ledger.expect(span);
        try (KvClient client = KvClient.open(cluster.endpoint(name), READ_LIMIT)) {
            expected.mustEqual(client.list(span), name);
            long revision = client.revision();
            if (revision < Math.max(lastRevision, ledger.newestRevision())) {
                throw new Ledger.BrokenPromise("revision went back: " + name + " is at " + revision + ", seen were "
                        + lastRevision + " and acknowledged " + ledger.newestRevision());
            }
            lastRevision = revision;
        } catch (IOException e) {
            throw new UncheckedIOException("no read through " + name, e);
        }
    }

    private static String prefix(int round) {
        return String.format("%s%06d/", ALL_KEYS, round);
    }

    private static void park(int millis) {
        LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
    }
}
