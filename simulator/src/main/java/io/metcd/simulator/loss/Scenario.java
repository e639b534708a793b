package io.metcd.simulator.loss;

import io.metcd.base.Invariants;
import io.metcd.base.RandomSource;
import io.metcd.simulator.loss.LossCluster.Member;
import io.metcd.simulator.loss.LossCluster.Row;
import io.metcd.simulator.world.Path;
import java.util.Arrays;

/** The published scenarios: three members, one millisecond each way unless said otherwise. */
public enum Scenario {
    LOSS_0("0 % loss", "loss_0", 99_967, 2, "49,967 · 4 ms", "-"),
    LOSS_1("1 % loss", "loss_1", 99_067, 2, "8,201 · 928 ms", "49,700 · 4 ms"),
    LOSS_5("5 % loss", "loss_5", 65_800, 56, "1,800 · 992 ms", "42,607 · 14 ms"),
    SINGLE("1 in flight, 1 % loss", "single", 495, 2, "87 · 550 ms", "-"),
    JITTER("jitter 0.5-20.5 ms (reorders)", "jitter", 11_467, 32, "6,870 · 51 ms", "-"),
    FAILOVER("failover, survivor 2000 behind", "failover", 0, 4, "4,010 ms", "-"),
    FAILOVER_1("the same at 1 % loss", "failover_1", 0, 0, "55,770 ms", "4,510 ms");

    private static final long MILLI = 1_000_000;
    private static final int MEMBERS = 3;
    private static final int IN_FLIGHT = 200;
    private static final int BEHIND = 2000;
    private static final int REPETITIONS = 3;
    private static final int FAILOVERS = 21;

    private final String title;
    private final String key;
    private final double perSecond;
    private final double millis;
    private final String other;
    private final String otherReliable;

    /**
     * A row of the table.
     *
     * @param perSecond operations a virtual second; 0 where the row is a time
     * @param millis the 99th percentile of latency, or the time itself
     */
    public record Figures(double perSecond, double millis) {
        static Figures rate(double perSecond, double p99Millis) {
            return new Figures(perSecond, p99Millis);
        }

        static Figures time(double millis) {
            return new Figures(0, millis);
        }

        boolean isTime() {
            return perSecond == 0;
        }

        @Override
        public String toString() {
            return isTime()
                    ? (millis == 0 ? "-" : String.format("%,.1f ms", millis))
                    : String.format("%,.0f · %,.1f ms", perSecond, millis);
        }
    }

    Scenario(String title, String key, double perSecond, double millis, String other, String otherReliable) {
        this.title = title;
        this.key = key;
        this.perSecond = perSecond;
        this.millis = millis;
        this.other = other;
        this.otherReliable = otherReliable;
    }

    public String title() {
        return title;
    }

    /** Its name in the line for machines. */
    public String key() {
        return key;
    }

    /** Of etcd-io/raft 3.4. */
    public Figures published() {
        return new Figures(perSecond, millis);
    }

    /** Of MicroRaft. */
    public String other() {
        return other;
    }

    /** Of MicroRaft where a lost packet arrives 10 ms late instead. */
    public String otherReliable() {
        return otherReliable;
    }

    /** Our throughput by the published, or for a time the published by ours: more is better; NaN without such. */
    public double ratio(Figures ours) {
        if (perSecond > 0) {
            return ours.perSecond / perSecond;
        }
        return millis > 0 ? millis / ours.millis : Double.NaN;
    }

    public Figures run(long seed) {
        return switch (this) {
            case LOSS_0 -> throughput(seed, lossy(0), IN_FLIGHT, 10);
            case LOSS_1 -> throughput(seed, lossy(0.01), IN_FLIGHT, 10);
            case LOSS_5 -> throughput(seed, lossy(0.05), IN_FLIGHT, 10);
            case SINGLE -> throughput(seed, lossy(0.01), 1, 60);
            case JITTER -> throughput(seed, new Path.Conditions(MILLI / 2, 20 * MILLI, 0, 0), IN_FLIGHT, 20);
            case FAILOVER -> failovers(seed, lossy(0));
            case FAILOVER_1 -> failovers(seed, lossy(0.01));
        };
    }

    private static Path.Conditions lossy(double loss) {
        return new Path.Conditions(MILLI, 0, loss, 0);
    }

    private static Figures throughput(long seed, Path.Conditions conditions, int inFlight, long seconds) {
        double rate = 0;
        double p99 = 0;
        for (int i = 0; i < REPETITIONS; i++) {
            LossCluster cluster = new LossCluster(MEMBERS, conditions, RandomSource.seeded(seed + i));
            Member leader = cluster.awaitLeader();
            leader.begin(inFlight);
            cluster.queue().runUntil(cluster.queue().now() + 100 * MILLI);
            Row row = cluster.measure(seconds * 1000 * MILLI);
            Invariants.check(leader.leads(), "the leader has changed under load");
            rate += row.perSecond() / REPETITIONS;
            p99 += row.p99() / 1e6 / REPETITIONS;
        }
        return Figures.rate(rate, p99);
    }

    /** The median of several. */
    private static Figures failovers(long seed, Path.Conditions conditions) {
        double[] millis = new double[FAILOVERS];
        for (int i = 0; i < FAILOVERS; i++) {
            millis[i] = failover(RandomSource.seeded(seed + i), conditions) / 1e6;
        }
        Arrays.sort(millis);
        return Figures.time(millis[FAILOVERS / 2]);
    }

    /** One follower misses 2000 entries; then the leader dies: from the election to the first commit. */
    private static double failover(RandomSource random, Path.Conditions conditions) {
        LossCluster cluster = new LossCluster(MEMBERS, conditions, random);
        Member leader = cluster.awaitLeader();
        int behind = (leader.process().id() + 1) % cluster.paths().hosts();
        int other = (leader.process().id() + 2) % cluster.paths().hosts();
        cluster.queue().runUntil(cluster.queue().now() + 500 * MILLI);
        cluster.paths().cutBoth(leader.process().id(), behind);
        long target = leader.commit() + BEHIND;
        leader.propose(BEHIND);
        Member survivor = cluster.members().get(other);
        while (leader.commit() < target || survivor.commit() < target) {
            cluster.queue().step();
        }
        leader.process().end();
        while (survivor.firstCommitNanos() < 0) {
            cluster.queue().step();
        }
        return survivor.firstCommitNanos();
    }
}
