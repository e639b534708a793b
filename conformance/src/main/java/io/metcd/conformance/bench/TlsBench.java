package io.metcd.conformance.bench;

import io.metcd.conformance.EtcdCluster;
import io.metcd.conformance.Keys;
import io.metcd.conformance.bench.Lone.Guard;
import io.metcd.conformance.torture.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * What TLS and users cost: a guarded member beside an open one, driven in turns by the same h2load lines, and the same
 * with an etcd. h2load pays for TLS too, on the same processors, so that processor time a request is told as well, of the
 * server and of h2load.
 *
 * <p>Options: {@code --etcd BINARY} (default {@code etcd}), {@code --guard tls_auth|tls|auth} (default {@code tls_auth}),
 * {@code --shape CONNECTIONSxSTREAMS} (default 10x10), {@code --rounds N} (9), {@code --seconds N} a line and round (4),
 * {@code --warm N} seconds a member (60: with half of that the rounds still measured the compiler).
 */
@SuppressWarnings("SystemOut")
public final class TlsBench {
    private static final Map<String, String> DEFAULTS = Map.of(
            "--etcd",
            "etcd",
            "--guard",
            "tls_auth",
            "--shape",
            "10x10",
            "--rounds",
            "9",
            "--seconds",
            "4",
            "--warm",
            "60");

    private final Options options;
    private final Guard guard;
    private final List<Load> lines = new ArrayList<>();
    private final Map<String, List<Round>> rounds = new TreeMap<>();

    /** An open member and a guarded one of one system. */
    private record Pair(Lone open, Lone guarded) {
        void close() {
            open.close();
            guarded.close();
        }
    }

    /** Microseconds of a processor for one request. */
    private record Sample(double perSecond, double serverMicros, double clientMicros) {}

    private record Round(Sample open, Sample guarded) {
        double ratio(ToDoubleFunction<Sample> figure) {
            return figure.applyAsDouble(guarded) / figure.applyAsDouble(open);
        }
    }

    private TlsBench(String[] arguments) {
        options = new Options(DEFAULTS, arguments, 0);
        guard = Guard.valueOf(options.text("--guard").toUpperCase(Locale.ROOT));
        String[] shape = options.text("--shape").split("x", -1);
        for (Load.Kind kind : List.of(Load.Kind.PUT, Load.Kind.RANGE_LINEARIZABLE)) {
            lines.add(new Load(kind, Integer.parseInt(shape[0]), Integer.parseInt(shape[1])));
        }
    }

    public static void main(String[] arguments) {
        try {
            new TlsBench(arguments).run();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (IllegalStateException e) {
            System.err.println("FAILED: " + e.getMessage());
            System.exit(1);
        }
    }

    private void run() {
        List<Pair> pairs = new ArrayList<>();
        try (Keys keys = Keys.make()) {
            pairs.add(new Pair(Lone.metcd(Guard.OPEN, keys), Lone.metcd(guard, keys)));
            String binary = options.text("--etcd");
            EtcdCluster.version(binary).ifPresent(version -> {
                System.out.println("metcd | " + version + "; each one member, data in memory, open and " + name());
                pairs.add(new Pair(Lone.etcd(binary, Guard.OPEN, keys), Lone.etcd(binary, guard, keys)));
            });
            for (Pair pair : pairs) {
                warm(pair.open);
                warm(pair.guarded);
            }
            for (Load line : lines) {
                for (int round = 0; round < options.number("--rounds"); round++) {
                    for (int i = 0; i < pairs.size(); i++) {
                        // Who goes first alternates, so that nobody always meets the quieter machine.
                        play(pairs.get((i + round) % pairs.size()), line, round);
                    }
                }
            }
            pairs.forEach(pair -> lines.forEach(line -> print(pair.open.system(), line)));
            System.out.println(ratios(pairs));
        } finally {
            pairs.forEach(Pair::close);
        }
    }

    /** The key must exist before it is read. Java's ciphers are many times slower until they are compiled, which is late. */
    private void warm(Lone lone) {
        for (Load line : lines) {
            line.run(lone.target(), Duration.ofSeconds(Math.max(1, options.number("--warm") / lines.size())));
        }
    }

    private void play(Pair pair, Load line, int number) {
        Sample first = measure(number % 2 == 0 ? pair.open : pair.guarded, line);
        Sample second = measure(number % 2 == 0 ? pair.guarded : pair.open, line);
        Round round = number % 2 == 0 ? new Round(first, second) : new Round(second, first);
        rounds.computeIfAbsent(key(pair.open.system(), line), any -> new ArrayList<>())
                .add(round);
        System.out.printf(
                "%-24s %-6s round %d  %7.0f/s, %s %7.0f/s = %.2f%n",
                line.label(),
                pair.open.system(),
                number + 1,
                round.open.perSecond,
                name(),
                round.guarded.perSecond,
                round.ratio(Sample::perSecond));
    }

    private Sample measure(Lone lone, Load line) {
        if (line.kind() == Load.Kind.PUT) {
            lone.compact();
        }
        double server = ProcessCost.cpuSeconds(lone.member());
        double client = ProcessCost.cpuSecondsOfCommands();
        Load.Measured measured = line.run(lone.target(), Duration.ofSeconds(options.number("--seconds")));
        server = ProcessCost.cpuSeconds(lone.member()) - server;
        client = ProcessCost.cpuSecondsOfCommands() - client;
        double million = 1e6 / measured.succeeded();
        return new Sample(measured.perSecond(), server * million, client * million);
    }

    private void print(String system, Load line) {
        System.out.printf(
                "%-24s %-6s %7.0f/s, %s %7.0f/s  CPU of the server %5.1f us, %5.1f us  of h2load %5.1f us, %5.1f us%n",
                line.label(),
                system,
                median(system, line, round -> round.open.perSecond),
                name(),
                median(system, line, round -> round.guarded.perSecond),
                median(system, line, round -> round.open.serverMicros),
                median(system, line, round -> round.guarded.serverMicros),
                median(system, line, round -> round.open.clientMicros),
                median(system, line, round -> round.guarded.clientMicros));
    }

    /** Medians of the rounds' ratios, guarded to open. */
    private String ratios(List<Pair> pairs) {
        StringBuilder out = new StringBuilder("RATIOS");
        for (Pair pair : pairs) {
            String system = pair.open.system();
            String prefix = system.equals("metcd") ? name() : system + "_" + name();
            for (Load line : lines) {
                String what = prefix + (line.kind() == Load.Kind.PUT ? "_put" : "_range");
                ratio(out, what, median(system, line, round -> round.ratio(Sample::perSecond)));
                ratio(out, what + "_server_cpu", median(system, line, round -> round.ratio(Sample::serverMicros)));
                ratio(out, what + "_client_cpu", median(system, line, round -> round.ratio(Sample::clientMicros)));
            }
        }
        return out.toString();
    }

    private static void ratio(StringBuilder out, String what, double ratio) {
        out.append(String.format(" %s=%.2f", what, ratio));
    }

    private double median(String system, Load line, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.getOrDefault(key(system, line), List.of()).stream()
                .mapToDouble(figure)
                .sorted()
                .toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private String name() {
        return guard.name().toLowerCase(Locale.ROOT);
    }

    private static String key(String system, Load line) {
        return system + " " + line.label();
    }
}
