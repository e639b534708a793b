package io.metcd.conformance.bench;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.EtcdCluster;
import io.metcd.conformance.EtcdProduct;
import io.metcd.conformance.MetcdProduct;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Three ephemeral metcd members beside three etcd members (data in memory, no fsync), each driven at its leader by the
 * same h2load lines, interleaved. With {@code --durable} both sync every write to directories on one disk. Without an
 * etcd it prints metcd's figures alone and no ratio.
 *
 * <p>Further options: {@code --etcd BINARY} (default {@code etcd}), {@code --rounds N} (default 3), {@code --seconds N} a line
 * and round (default 3), {@code --warm N} seconds a system (default 15), {@code --only PREFIX} of the lines' names.
 */
@SuppressWarnings("SystemOut")
public final class EtcdBench {
    private record Sample(Load.Measured measured, double cpuMicrosPerOperation) {}

    private final Map<String, String> options =
            new TreeMap<>(Map.of("--etcd", "etcd", "--rounds", "3", "--seconds", "3", "--warm", "15", "--only", ""));
    private final Map<String, List<Sample>> samples = new TreeMap<>();
    private final boolean durable;

    private EtcdBench(String[] arguments) {
        durable = arguments.length > 0 && arguments[0].equals("--durable");
        for (int i = durable ? 1 : 0; i < arguments.length; i += 2) {
            if (!options.containsKey(arguments[i]) || i + 1 == arguments.length) {
                throw new IllegalArgumentException("unknown option or no value: " + arguments[i]);
            }
            options.put(arguments[i], arguments[i + 1]);
        }
    }

    public static void main(String[] arguments) {
        if (!CommandLine.run(Duration.ofSeconds(5), List.of("h2load", "--version"))
                .ok()) {
            System.err.println("the benchmark needs 'h2load': ./dev bench etcd installs it (package nghttp2-client)");
            System.exit(1);
        }
        try {
            new EtcdBench(arguments).run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List<Trio> trios = new ArrayList<>();
        try {
            trios.add(durable ? Trio.durable(MetcdProduct.asLaunched()) : Trio.metcd());
            Optional<String> etcd = EtcdCluster.version(option("--etcd"));
            if (etcd.isPresent()) {
                String binary = option("--etcd");
                trios.add(durable ? Trio.durable(new EtcdProduct(binary)) : Trio.etcd(binary));
                System.out.println(
                        durable
                                ? "metcd, 3 durable members | " + etcd.get() + ", 3 members, synced to the same disk"
                                : "metcd, 3 ephemeral members | " + etcd.get() + ", 3 members, data in memory");
            }
            List<Load> lines = lines();
            trios.forEach(trio -> warm(trio, lines));
            for (Load line : lines) {
                for (int round = 0; round < number("--rounds"); round++) {
                    // Who goes first alternates, so that neither always meets the quieter machine.
                    for (int i = 0; i < trios.size(); i++) {
                        measure(trios.get((i + round) % trios.size()), line);
                    }
                }
                trios.forEach(trio -> print(trio, line));
            }
            for (Trio trio : trios) {
                System.out.printf(
                        "%-6s healthy after %d ms, resident %.0f MiB (three processes)%n",
                        trio.system(), trio.startup().toMillis(), trio.residentMebibytes());
            }
            if (trios.size() == 2) {
                System.out.println(ratios(lines));
            }
        } finally {
            trios.forEach(Trio::close);
        }
    }

    private List<Load> lines() {
        List<Load> lines = new ArrayList<>();
        int[][] shapes = {{1, 1}, {10, 10}, {100, 10}};
        for (int[] shape : shapes) {
            lines.add(new Load(Load.Kind.PUT, shape[0], shape[1]));
        }
        for (int[] shape : shapes) {
            lines.add(new Load(Load.Kind.RANGE_LINEARIZABLE, shape[0], shape[1]));
            lines.add(new Load(Load.Kind.RANGE_SERIALIZABLE, shape[0], shape[1]));
        }
        lines.removeIf(line -> !line.label().startsWith(option("--only")));
        return lines;
    }

    /** The key must exist before it is read, and compilers and caches must have seen the load. */
    private void warm(Trio trio, List<Load> lines) {
        new Load(Load.Kind.PUT, 10, 10).run(trio.leader(), Duration.ofSeconds(1));
        Duration each = Duration.ofSeconds(Math.max(1, number("--warm") / Math.max(1, lines.size())));
        lines.forEach(line -> line.run(trio.leader(), each));
    }

    private void measure(Trio trio, Load line) {
        String leader = trio.leader();
        long version = trio.versionOfKey();
        double cpu = trio.cpuSeconds();
        Load.Measured measured = line.run(leader, Duration.ofSeconds(number("--seconds")));
        double used = trio.cpuSeconds() - cpu;
        long puts = trio.versionOfKey() - version;
        if (line.kind() == Load.Kind.PUT && puts < measured.succeeded()) {
            throw new IllegalStateException(trio.system() + " answered " + measured.succeeded() + " puts and did "
                    + puts + ": its answers were errors");
        }
        samples.computeIfAbsent(trio.system() + " " + line.label(), key -> new ArrayList<>())
                .add(new Sample(measured, used * 1e6 / measured.succeeded()));
    }

    private void print(Trio trio, Load line) {
        System.out.printf(
                "%-28s %-6s %9.0f/s  p50 %7.2f ms  p99 %7.2f ms  %6.1f us CPU%n",
                line.label(),
                trio.system(),
                median(trio.system(), line, sample -> sample.measured().perSecond()),
                median(trio.system(), line, sample -> sample.measured().p50Millis()),
                median(trio.system(), line, sample -> sample.measured().p99Millis()),
                median(trio.system(), line, Sample::cpuMicrosPerOperation));
    }

    private String ratios(List<Load> lines) {
        StringBuilder out = new StringBuilder("RATIOS");
        for (Load line : lines) {
            ratio(out, line, "throughput", sample -> sample.measured().perSecond());
            ratio(out, line, "p50", sample -> sample.measured().p50Millis());
            ratio(out, line, "p99", sample -> sample.measured().p99Millis());
            ratio(out, line, "cpu", Sample::cpuMicrosPerOperation);
        }
        return out.toString();
    }

    private void ratio(StringBuilder out, Load line, String what, ToDoubleFunction<Sample> figure) {
        double ratio = median("metcd", line, figure) / median("etcd", line, figure);
        out.append(String.format(" %s_%s=%.2f", line.label(), what, ratio));
    }

    private double median(String system, Load line, ToDoubleFunction<Sample> figure) {
        double[] sorted = samples.getOrDefault(system + " " + line.label(), List.of()).stream()
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private String option(String name) {
        return options.getOrDefault(name, "");
    }

    private int number(String name) {
        return Integer.parseInt(option(name));
    }
}
