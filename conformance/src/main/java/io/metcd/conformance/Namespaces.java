package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
 *
 * <p>Or this process's own namespace, and one host more beyond a wire of limited bandwidth.
 *
 * <pre>
 *   here 10.77.3.1 ──── 10.77.3.2 far
 * </pre>
 */
public final class Namespaces implements AutoCloseable {
    /** The addresses of b, as a and as c dial it. */
    public static final String HUB_FROM_A = "10.77.1.2";

    public static final String HUB_FROM_C = "10.77.2.2";

    /** The addresses of both ends of the narrow wire. */
    public static final String HERE = "10.77.3.1";

    public static final String FAR = "10.77.3.2";

    private static final String WIRE = "narrow";

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

    /**
     * A host {@code far} beyond a wire of so many Mbit/s, each way. Needs root, and a namespace of this process's own,
     * or the machine's own network would have a part in it.
     */
    public static Namespaces narrow(int mbits) {
        if (!isAlone()) {
            throw new IllegalStateException("this process must run in a network namespace of its own");
        }
        Namespaces hosts = new Namespaces();
        try {
            hosts.create("far");
            String far = hosts.host("far");
            CommandLine.must(
                    "ip", "-n", far, "link", "add", WIRE, "type", "veth", "peer", "name", WIRE, "netns", hosts.tag);
            shape(List.of(), HERE, mbits);
            shape(hosts.prefix("far"), FAR, mbits);
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    /** Whether this process sees no network but loopback. */
    public static boolean isAlone() {
        return CommandLine.must("ip", "-o", "link", "show").lines().allMatch(line -> line.contains(" lo:"));
    }

    /** Runs a main program as another process in a network namespace of its own; returns its exit code. */
    public static int alone(Class<?> main, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void shape(List<String> prefix, String address, int mbits) {
        run(prefix, "ip", "addr", "add", address + "/24", "dev", WIRE);
        run(prefix, "ip", "link", "set", WIRE, "up");
        String rate = mbits + "mbit";
        run(
                prefix, "tc", "qdisc", "add", "dev", WIRE, "root", "tbf", "rate", rate, "burst", "32kb", "latency",
                "100ms");
    }

    private static void run(List<String> prefix, String... command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(List.of(command));
        CommandLine.must(all.toArray(String[]::new));
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
