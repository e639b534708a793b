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
 * durable members and of those that keep nothing, users and rights, the runbook, and the scenario in network namespaces. Prints its tables; exits with 1 at the first
 * thing that does not hold. A run of everything ends with the page of compatibility.
 *
 * <p>Options: {@code --only WORD} of the parts' titles; {@code --oracle ETCD} runs the tables of clients against a real
 * etcd instead, which proves the tables. {@code snapshot-roundtrip} is apart: it needs Go.
 */
public final class Conformance {
    private static final List<String> TOOLS = List.of("etcdctl", "curl", "openssl", "ip", "nft", "ping", "unshare");

    private static final Compatibility PAGE = new Compatibility();

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
        Map<String, Supplier<List<String>>> parts = oracle.isEmpty() ? partsOfMetcd() : partsOfOracle(oracle);
        parts.keySet().removeIf(title -> !title.contains(options.getOrDefault("--only", "")));
        int lines = 0;
        for (Map.Entry<String, Supplier<List<String>>> part : parts.entrySet()) {
            lines += play(part.getKey(), part.getValue());
        }
        if (options.isEmpty()) {
            lines += play("The page of compatibility, compared with this run", PAGE::check);
        }
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

    private static Map<String, Supplier<List<String>>> partsOfMetcd() {
        Map<String, Supplier<List<String>>> parts = new LinkedHashMap<>();
        parts.put("Clients through each member of a line", () -> PAGE.note(ClientTable.play()));
        parts.put("JSON by curl through each member of a line", () -> PAGE.note(CurlTable.play()));
        parts.put("Clients that others wrote", () -> PAGE.note(ForeignTable.play(MetcdProduct.asLaunched())));
        parts.put("etcdctl and curl over TLS", TlsTable::playMetcd);
        parts.put("Membership of durable members", () -> MemberTable.play(MetcdProduct.asLaunched()));
        parts.put("Users and rights on durable members", () -> AuthTable.play(MetcdProduct.asLaunched()));
        parts.put("Members that keep nothing", EphemeralTable::play);
        parts.put("An autopilot over durable members", PilotTable::play);
        parts.put("The runbook, executed from its page", () -> Runbook.play(Path.of("docs", "runbook.md")));
        parts.put("Scenario line-of-three, in network namespaces", LineScenario::play);
        return parts;
    }

    private static Map<String, Supplier<List<String>>> partsOfOracle(String binary) {
        Map<String, Supplier<List<String>>> parts = new LinkedHashMap<>();
        parts.put("Clients through each member of a real etcd", () -> {
            try (EtcdCluster etcd = EtcdCluster.start(binary)) {
                return PAGE.note(ClientTable.play(etcd::endpoint));
            }
        });
        parts.put("JSON by curl through each member of a real etcd", () -> {
            try (EtcdCluster etcd = EtcdCluster.start(binary)) {
                return PAGE.note(CurlTable.play(etcd::endpoint));
            }
        });
        parts.put("Clients that others wrote", () -> PAGE.note(ForeignTable.play(new EtcdProduct(binary))));
        parts.put("etcdctl and curl over TLS to a real etcd", () -> TlsTable.play(List.of(binary)));
        parts.put("Membership of a real etcd", () -> MemberTable.play(new EtcdProduct(binary)));
        parts.put("Users and rights on a real etcd", () -> AuthTable.play(new EtcdProduct(binary)));
        parts.put("Signed tokens, between metcd and a real etcd", () -> TokenTable.play(binary));
        return parts;
    }

    @SuppressWarnings("SystemOut")
    private static int play(String title, Supplier<List<String>> part) {
        System.out.println(title);
        try {
            List<String> report = part.get();
            report.forEach(line -> System.out.println("  " + line));
            System.out.println();
            return report.size();
        } catch (IllegalStateException e) {
            System.out.println("  FAILED: " + e.getMessage());
            System.exit(1);
            return 0;
        }
    }
}
