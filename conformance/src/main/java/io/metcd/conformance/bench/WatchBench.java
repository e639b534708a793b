package io.metcd.conformance.bench;

import io.metcd.conformance.EtcdCluster;
import io.metcd.conformance.Heap;
import io.metcd.conformance.Member;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Watchers on one member of three while writes come at a steady rate: how long after a write was sent its watchers hear of
 * it, alone and beside clients that read nothing; metcd and etcd take turns.
 *
 * <p>Options: {@code --etcd BINARY} (default {@code etcd}), {@code --watchers N} (10000), {@code --keys N} (1000),
 * {@code --rate N} writes a second (1000), {@code --rounds N} (3), {@code --seconds N} a round (10), {@code --stalled N} (8).
 */
@SuppressWarnings("SystemOut")
public final class WatchBench {
    private static final int WARM_SECONDS = 10;

    private final Map<String, String> options = new TreeMap<>(Map.of(
            "--etcd",
            "etcd",
            "--watchers",
            "10000",
            "--keys",
            "1000",
            "--rate",
            "1000",
            "--rounds",
            "3",
            "--seconds",
            "10",
            "--stalled",
            "8"));
    private final Map<String, List<double[]>> delays = new TreeMap<>();

    private WatchBench(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("unknown option or no value: " + arguments[i]);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    public static void main(String[] arguments) {
        try {
            new WatchBench(arguments).run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List<Stage> stages = new ArrayList<>();
        try {
            stages.add(stage(Trio.metcd()));
            Optional<String> etcd = EtcdCluster.version(option("--etcd"));
            if (etcd.isPresent()) {
                System.out.println("metcd, 3 ephemeral members | " + etcd.get() + ", 3 members, data in memory");
                stages.add(stage(Trio.etcd(option("--etcd"))));
            }
            for (Stage stage : stages) {
                stage.writer.write(Duration.ofSeconds(WARM_SECONDS));
                stage.crowd.takeDelays();
            }
            for (int round = 0; round < number("--rounds"); round++) {
                for (int i = 0; i < stages.size(); i++) {
                    play(stages.get((i + round) % stages.size()));
                }
            }
            printCost(stages.get(0));
            System.out.println(ratios(etcd.isPresent()));
        } finally {
            stages.forEach(Stage::close);
        }
    }

    /** One system with its watchers. */
    private record Stage(Trio trio, String leader, long history, PacedWriter writer, WatchCrowd crowd) {
        void close() {
            crowd.close();
            trio.close();
        }
    }

    private Stage stage(Trio trio) {
        try {
            String leader = trio.leader();
            int keys = number("--keys");
            PacedWriter writer = new PacedWriter(leader, keys, number("--rate"));
            long history = StalledReaders.writeHistory(leader);
            return new Stage(trio, leader, history, writer, WatchCrowd.open(leader, number("--watchers"), keys));
        } catch (IllegalStateException | UncheckedIOException e) {
            trio.close();
            throw e;
        }
    }

    private void play(Stage stage) {
        String system = stage.trio.system();
        watch(system + " alone", stage);
        try (StalledReaders readers = StalledReaders.open(stage.leader, number("--stalled"), stage.history)) {
            watch(system + beside(readers.count()), stage);
        }
    }

    private void watch(String what, Stage stage) {
        Duration time = Duration.ofSeconds(number("--seconds"));
        double perSecond = stage.writer.write(time);
        double[] heard = stage.crowd.takeDelays();
        long due = time.toSeconds() * number("--rate") * stage.crowd.watchersPerKey();
        System.out.printf(
                "%-30s %6.0f writes/s  %8d of %d deliveries  p50 %7.2f ms  p99 %7.2f ms  max %7.2f ms%n",
                what, perSecond, heard.length, due, at(heard, 0.5), at(heard, 0.99), at(heard, 1));
        delays.computeIfAbsent(what, any -> new ArrayList<>()).add(heard);
    }

    private static String beside(int stalled) {
        return " beside " + stalled + " stalled";
    }

    /** The heap that is in use after a collection, with the readers and without them. */
    private void printCost(Stage stage) {
        Trio trio = stage.trio;
        Member member = trio.members().get(trio.endpoints().indexOf(stage.leader));
        double without = Heap.usedMebibytes(member);
        double with;
        int count;
        try (StalledReaders readers = StalledReaders.open(stage.leader, number("--stalled"), stage.history)) {
            count = readers.count();
            with = Heap.usedMebibytes(member);
        }
        System.out.printf(
                "metcd a stalled reader costs %.1f MiB (%d of them, heap in use)%n", (with - without) / count, count);
    }

    private String ratios(boolean both) {
        StringBuilder out = new StringBuilder("RATIOS");
        out.append(String.format(" stalled_p99=%.2f", p99("metcd" + beside(number("--stalled"))) / p99("metcd alone")));
        if (both) {
            out.append(String.format(" watch_p99=%.2f", p99("metcd alone") / p99("etcd alone")));
            out.append(String.format(" watch_p50=%.2f", median("metcd alone", 0.5) / median("etcd alone", 0.5)));
        }
        return out.append(String.format(" (metcd p99 %.2f ms)", p99("metcd alone")))
                .toString();
    }

    private double p99(String what) {
        return median(what, 0.99);
    }

    /** The median of the rounds. */
    private double median(String what, double quantile) {
        double[] rounds = delays.getOrDefault(what, List.of()).stream()
                .mapToDouble(heard -> at(heard, quantile))
                .sorted()
                .toArray();
        return rounds.length == 0 ? Double.NaN : rounds[rounds.length / 2];
    }

    private static double at(double[] sorted, double quantile) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)];
    }

    private String option(String name) {
        return options.getOrDefault(name, "");
    }

    private int number(String name) {
        return Integer.parseInt(option(name));
    }
}
