package io.metcd.conformance;

import io.metcd.conformance.etcdfile.SnapshotRoundtrip;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The part of conformance that needs root and packages of the distribution: etcdctl and curl through each member, membership of
 * durable members and of those that keep nothing, users and rights, the runbook, and the scenario in network namespaces. Prints its tables; exits with 1 when something
 * does not hold. A run of everything ends with the page of compatibility.
 *
 * <p>Options: {@code --only WORD} of the parts' titles; {@code --oracle ETCD} runs the tables of clients against a real
 * etcd instead, which proves the tables. {@code snapshot-roundtrip} is apart: it needs Go.
 */
public final class Conformance {
    private static final List<String> TOOLS = List.of("etcdctl", "curl", "openssl", "ip", "nft", "ping", "unshare");

    /** Parts wait more than they work: for elections, time-outs and programs that start. */
    private static final int AT_ONCE = 2;

    private Conformance() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals("snapshot-roundtrip")) {
            SnapshotRoundtrip.main(Arrays.copyOfRange(arguments, 1, arguments.length));
            return;
        }
        for (String tool : TOOLS) {
            if (!CommandLine.run(Duration.ofSeconds(5), List.of("sh", "-c", "command -v " + tool))
                    .ok()) {
                System.err.println("conformance needs '" + tool + "': ./dev conformance installs it");
                System.exit(1);
            }
        }
        Map<String, String> options = options(List.of(arguments));
        String oracle = options.getOrDefault("--oracle", "");
        Map<String, Supplier<Report>> parts = oracle.isEmpty() ? partsOfMetcd() : partsOfOracle(oracle);
        parts.keySet().removeIf(title -> !title.contains(options.getOrDefault("--only", "")));
        List<Played> played = Played.all(parts, AT_ONCE, System.out);
        if (options.isEmpty() && played.stream().allMatch(Played::holds)) {
            Compatibility page = new Compatibility();
            played.forEach(part -> part.report().findings().forEach(page::note));
            String title = "The page of compatibility, compared with this run";
            played.addAll(Played.all(Map.of(title, () -> Report.of(page.check())), 1, System.out));
        }
        if (!played.stream().allMatch(Played::holds)) {
            System.exit(1);
        }
        int lines =
                played.stream().mapToInt(part -> part.report().lines().size()).sum();
        String told = options.isEmpty() ? "" : " " + String.join(" ", options.keySet());
        System.out.println("conformance" + told + ": " + lines + " lines hold");
    }

    private static Map<String, String> options(List<String> arguments) {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            options.put(arguments.get(i), arguments.get(i + 1));
        }
        if (arguments.size() % 2 != 0 || !List.of("--oracle", "--only").containsAll(options.keySet())) {
            System.err.println("conformance takes --only WORD, --oracle ETCD, both or nothing");
            System.exit(2);
        }
        return options;
    }

    private static Map<String, Supplier<Report>> partsOfMetcd() {
        Map<String, Supplier<Report>> parts = new LinkedHashMap<>();
        // The longest first, or at the end it would be alone.
        parts.put("The runbook, executed from its page", () -> Report.of(Runbook.play(Path.of("docs", "runbook.md"))));
        parts.put("Clients through each member of a line", () -> Report.made(ClientTable.play()));
        parts.put("JSON by curl through each member of a line", () -> Report.made(List.of(CurlTable.play())));
        parts.put("Clients that others wrote", () -> Report.made(ForeignTable.play(MetcdProduct.quickToStart())));
        parts.put("etcdctl and curl over TLS", () -> Report.of(TlsTable.playMetcd()));
        parts.put("Membership of durable members", () -> Report.of(MemberTable.play(MetcdProduct.quickToStart())));
        parts.put("Users and rights on durable members", () -> Report.of(AuthTable.play(MetcdProduct.quickToStart())));
        parts.put("Members that keep nothing", () -> Report.of(EphemeralTable.play()));
        parts.put("An autopilot over durable members", () -> Report.of(PilotTable.play()));
        parts.put("Scenario line-of-three, in network namespaces", () -> Report.of(LineScenario.play()));
        return parts;
    }

    private static Map<String, Supplier<Report>> partsOfOracle(String binary) {
        Map<String, Supplier<Report>> parts = new LinkedHashMap<>();
        parts.put("Clients through each member of a real etcd", () -> {
            try (EtcdCluster etcd = EtcdCluster.start(binary)) {
                return Report.made(ClientTable.play(etcd::endpoint));
            }
        });
        parts.put("JSON by curl through each member of a real etcd", () -> {
            try (EtcdCluster etcd = EtcdCluster.start(binary)) {
                return Report.made(List.of(CurlTable.play(etcd::endpoint)));
            }
        });
        parts.put("Clients that others wrote", () -> Report.made(ForeignTable.play(new EtcdProduct(binary))));
        parts.put("etcdctl and curl over TLS to a real etcd", () -> Report.of(TlsTable.play(List.of(binary))));
        parts.put("Membership of a real etcd", () -> Report.of(MemberTable.play(new EtcdProduct(binary))));
        parts.put("Users and rights on a real etcd", () -> Report.of(AuthTable.play(new EtcdProduct(binary))));
        parts.put("Signed tokens, between metcd and a real etcd", () -> Report.of(TokenTable.play(binary)));
        return parts;
    }
}
