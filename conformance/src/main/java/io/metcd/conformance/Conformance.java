package io.metcd.conformance;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * The part of conformance that needs root and packages of the distribution: etcdctl through each member, membership of
 * durable members, the runbook, and the scenario in network namespaces. Prints its tables; exits with 1 at the first thing that does not hold. With
 * {@code --oracle [ETCD]} it runs the tables of clients against a real etcd instead, which proves the tables.
 */
public final class Conformance {
    private static final List<String> TOOLS = List.of("etcdctl", "ip", "nft", "ping", "unshare");

    private Conformance() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) {
        for (String tool : TOOLS) {
            if (!CommandLine.run(Duration.ofSeconds(5), List.of("sh", "-c", "command -v " + tool))
                    .ok()) {
                System.err.println("conformance needs '" + tool + "': ./dev conformance installs it");
                System.exit(1);
            }
        }
        if (arguments.length > 0 && arguments[0].equals("--oracle")) {
            String binary = arguments.length > 1 ? arguments[1] : "etcd";
            int rows = part("The same table against a real etcd", () -> oracle(binary))
                    + part("Membership of a real etcd", () -> MemberTable.play(new EtcdProduct(binary)));
            System.out.println("conformance oracle: " + rows + " lines hold");
            return;
        }
        int facts = part("Clients through each member of a line", ClientTable::play)
                + part("Membership of durable members", () -> MemberTable.play(MetcdProduct.asLaunched()))
                + part("The runbook, executed from its page", () -> Runbook.play(Path.of("docs", "runbook.md")))
                + part("Scenario line-of-three, in network namespaces", LineScenario::play);
        System.out.println("conformance: " + facts + " lines hold");
    }

    private static List<String> oracle(String binary) {
        try (EtcdCluster etcd = EtcdCluster.start(binary)) {
            return ClientTable.play(etcd::endpoint);
        }
    }

    @SuppressWarnings("SystemOut")
    private static int part(String title, Supplier<List<String>> play) {
        System.out.println(title);
        try {
            List<String> report = play.get();
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
