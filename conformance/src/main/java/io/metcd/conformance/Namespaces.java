package io.metcd.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Three hosts on a line, each a network namespace: a and c each share a wire with b and nothing with each other, and b
 * forwards no packet, so no address of c means anything on a.
 *
 * <pre>
 *   a 10.77.1.1 ──── 10.77.1.2 b 10.77.2.2 ──── 10.77.2.1 c
 * </pre>
 */
public final class Namespaces implements AutoCloseable {
    /** The addresses of b, as a and as c dial it. */
    public static final String HUB_FROM_A = "10.77.1.2";

    public static final String HUB_FROM_C = "10.77.2.2";

    private final List<String> created = new ArrayList<>();
    private final String tag = Long.toString(ProcessHandle.current().pid());

    /** Makes hosts and wires; needs root. */
    public static Namespaces line() {
        Namespaces hosts = new Namespaces();
        try {
            for (String name : LineCluster.NAMES) {
                hosts.create(name);
            }
            hosts.wire("a", "10.77.1.1/24", HUB_FROM_A + "/24");
            hosts.wire("c", "10.77.2.1/24", HUB_FROM_C + "/24");
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    private void create(String name) {
        CommandLine.must("ip", "netns", "add", host(name));
        created.add(host(name));
        CommandLine.must("ip", "-n", host(name), "link", "set", "lo", "up");
    }

    private void wire(String leaf, String leafAddress, String hubAddress) {
        String hubEnd = "to-" + leaf;
        CommandLine.must(
                "ip",
                "-n",
                host(leaf),
                "link",
                "add",
                "to-b",
                "type",
                "veth",
                "peer",
                "name",
                hubEnd,
                "netns",
                host("b"));
        CommandLine.must("ip", "-n", host(leaf), "addr", "add", leafAddress, "dev", "to-b");
        CommandLine.must("ip", "-n", host("b"), "addr", "add", hubAddress, "dev", hubEnd);
        CommandLine.must("ip", "-n", host(leaf), "link", "set", "to-b", "up");
        CommandLine.must("ip", "-n", host("b"), "link", "set", hubEnd, "up");
    }

    /** What to put before a command so that it runs on this host. */
    public List<String> prefix(String name) {
        return List.of("ip", "netns", "exec", host(name));
    }

    /** Drops every packet between b and the leaf, silently, as a broken cable does. */
    public void cut(String leaf) {
        String address = leaf.equals("a") ? "10.77.1.1" : "10.77.2.1";
        nft("add", "table", "ip", "cut");
        for (String hook : List.of("input", "output")) {
            nft("add", "chain", "ip", "cut", hook, "{ type filter hook " + hook + " priority 0 ; }");
        }
        nft("add", "rule", "ip", "cut", "input", "ip", "saddr", address, "drop");
        nft("add", "rule", "ip", "cut", "output", "ip", "daddr", address, "drop");
    }

    /** Undoes every cut. */
    public void heal() {
        nft("delete", "table", "ip", "cut");
    }

    /** True when a packet from one host reaches an address; the proof that a line is a line. */
    public boolean reaches(String from, String address) {
        List<String> ping = new ArrayList<>(prefix(from));
        ping.addAll(List.of("ping", "-c", "1", "-W", "1", address));
        return CommandLine.run(Duration.ofSeconds(5), ping).ok();
    }

    private void nft(String... arguments) {
        List<String> command = new ArrayList<>(prefix("b"));
        command.add("nft");
        command.addAll(List.of(arguments));
        CommandLine.must(command.toArray(String[]::new));
    }

    private String host(String name) {
        return "metcd-" + tag + "-" + name;
    }

    @Override
    public void close() {
        for (String host : created) {
            CommandLine.run(Duration.ofSeconds(10), List.of("ip", "netns", "delete", host));
        }
        created.clear();
    }
}
