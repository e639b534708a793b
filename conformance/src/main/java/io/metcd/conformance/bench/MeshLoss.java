package io.metcd.conformance.bench;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.Health;
import io.metcd.conformance.LineCluster;
import io.metcd.conformance.Member;
import io.metcd.conformance.Namespaces;
import io.metcd.conformance.Ports;
import io.metcd.conformance.client.KvClient;
import io.metcd.conformance.torture.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Writes to five voters while every link of theirs loses packets, either way: over QUIC 99 of 100 take a second at most,
 * or the program fails; over TCP, which hides loss behind waiting, the same figures are told. Needs root and nft: it
 * runs in a network namespace of its own.
 *
 * <p>Options: {@code --carrier quic|tcp} (default quic), {@code --percent N} lost (30), {@code --seconds N} (60).
 */
@SuppressWarnings("SystemOut")
public final class MeshLoss {
    private static final Map<String, String> DEFAULTS =
            Map.of("--carrier", "quic", "--percent", "30", "--seconds", "60");
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(10);
    private static final double WANTED = 0.99;
    private static final String VALUE = "x".repeat(100);

    private final Options options;
    private final boolean quic;
    private final List<Integer> meshPorts = new ArrayList<>();
    private final List<Integer> clientPorts = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    private MeshLoss(Options options) {
        this.options = options;
        this.quic = options.text("--carrier").equals("quic");
    }

    public static void main(String[] arguments) {
        Options options = new Options(DEFAULTS, arguments, 0);
        if (!Namespaces.isAlone()) {
            System.exit(Namespaces.alone(MeshLoss.class, arguments));
        }
        System.exit(new MeshLoss(options).run() ? 0 : 1);
    }

    private boolean run() {
        try {
            start();
            lose();
            List<Long> micros = write();
            return tell(micros);
        } finally {
            members.forEach(Member::close);
        }
    }

    private void start() {
        Path password = LineCluster.passwordFile();
        NAMES.forEach(name -> {
            meshPorts.add(Ports.free());
            clientPorts.add(Ports.free());
        });
        List<String> urls = meshPorts.stream()
                .map(port -> (quic ? "quic" : "http") + "://127.0.0.1:" + port)
                .toList();
        for (int i = 0; i < NAMES.size(); i++) {
            List<String> arguments = new ArrayList<>(List.of("serve", "--ephemeral", "--name", NAMES.get(i)));
            arguments.addAll(List.of("--founders", String.join(",", NAMES), "--join", String.join(",", urls)));
            arguments.addAll(List.of("--password-file", password.toString(), "--listen-peer-urls", urls.get(i)));
            arguments.addAll(List.of("--listen-client-urls", "http://" + endpoint(i)));
            members.add(Member.start(NAMES.get(i), Member.metcd(List.of(), arguments.toArray(String[]::new))));
        }
        for (int i = 0; i < NAMES.size(); i++) {
            Health.await(endpoint(i), START_LIMIT);
        }
    }

    /** A packet of the mesh has one of its ports at one end, and passes the one loopback once. */
    private void lose() {
        CommandLine.must("nft", "add", "table", "inet", "loss");
        CommandLine.must("nft", "add", "chain", "inet", "loss", "in", "{ type filter hook input priority 0 ; }");
        for (int port : meshPorts) {
            for (String end : List.of("sport", "dport")) {
                CommandLine.must(
                        "nft",
                        "add",
                        "rule",
                        "inet",
                        "loss",
                        "in",
                        quic ? "udp" : "tcp",
                        end,
                        Integer.toString(port),
                        "numgen",
                        "random",
                        "mod",
                        "100",
                        "<",
                        options.text("--percent"),
                        "drop");
            }
        }
    }

    /** One after the other, to each member in turn; microseconds of each. */
    private List<Long> write() {
        List<Long> micros = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(options.number("--seconds"));
        for (int i = 0; System.nanoTime() < end; i++) {
            long before = System.nanoTime();
            try (KvClient client = KvClient.open(endpoint(i % NAMES.size()), WRITE_LIMIT)) {
                client.put("k" + i % 100, VALUE);
                micros.add((System.nanoTime() - before) / 1_000);
            } catch (IOException e) {
                System.out.println("a write has failed: " + e.getMessage());
                micros.add(WRITE_LIMIT.toNanos() / 1_000);
            }
        }
        return micros;
    }

    private boolean tell(List<Long> micros) {
        List<Long> sorted = micros.stream().sorted().toList();
        long soon = sorted.stream().filter(took -> took <= 1_000_000).count();
        double share = (double) soon / Math.max(1, sorted.size());
        System.out.printf(
                Locale.ROOT,
                "mesh-loss: %s, %s %% lost either way: %d writes, %.1f %% within a second, p50 %d ms, p99 %d ms%n",
                options.text("--carrier"),
                options.text("--percent"),
                sorted.size(),
                100 * share,
                quantile(sorted, 50),
                quantile(sorted, 99));
        return !quic || (share >= WANTED && !sorted.isEmpty());
    }

    private static long quantile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * percent / 100) / 1_000;
    }

    private String endpoint(int member) {
        return "127.0.0.1:" + clientPorts.get(member);
    }
}
