package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Hosts, each a network namespace, and wires between them. Every wire has a network of its own, and no host but a
 * {@link #router} or a {@link #natBox} forwards a packet: an address means something only at the other end of its wire.
 *
 * <pre>
 *   a 10.77.1.1 ──── 10.77.1.2 b 10.77.2.1 ──── 10.77.2.2 c        wire("a", "b"), wire("b", "c")
 * </pre>
 *
 * <p>What is lost on a wire is lost where it would arrive, silently, as behind a broken cable. Needs root. Everything is
 * removed by {@link #close}. For one thread.
 */
public final class Namespaces implements AutoCloseable {
    /** This process's own namespace, as the end of a wire. */
    public static final String HERE = "here";

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String tag = "metcd-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + "-";
    private final List<String> names = new ArrayList<>();
    private final List<String> endsHere = new ArrayList<>();
    /** Of a host, by {@code HOST FROM}: its address on the wire from there. */
    private final Map<String, String> addresses = new TreeMap<>();
    /** What does not arrive: by where it would, and from where. */
    private final Map<String, SortedMap<String, Loss>> losses = new TreeMap<>();

    /** What is lost on its way into a host. */
    private enum Loss {
        ALL("drop"),
        DIALS("tcp flags & (syn | ack) == syn drop");

        private final String rule;

        Loss(String rule) {
            this.rule = rule;
        }
    }

    /** Hosts without a wire. */
    public static Namespaces of(String... hosts) {
        Namespaces all = new Namespaces();
        try {
            for (String name : hosts) {
                all.host(name);
            }
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /** One host more; its name has ten characters at most. */
    public void host(String name) {
        shell("ip netns add " + namespace(name));
        names.add(name);
        shell("ip -n " + namespace(name) + " link set lo up\n" + forwarding(name, 0));
    }

    /** A wire between two hosts; one of them may be {@link #HERE}, if this process {@link #isAlone}. */
    public void wire(String one, String other) {
        if ((one.equals(HERE) || other.equals(HERE)) && !isAlone()) {
            throw new IllegalStateException("this process must run in a network namespace of its own: see alone()");
        }
        int number = addresses.size() / 2 + 1;
        String network = "10.77." + number + ".";
        String ends = "link add " + end(other) + (one.equals(HERE) ? "" : " netns " + namespace(one))
                + " type veth peer name " + end(one) + (other.equals(HERE) ? "" : " netns " + namespace(other));
        shell("ip " + ends + plug(one, other, network + "1") + plug(other, one, network + "2"));
        addresses.put(one + " " + other, network + "1");
        addresses.put(other + " " + one, network + "2");
    }

    private String plug(String at, String to, String address) {
        if (at.equals(HERE)) {
            endsHere.add(end(to));
        }
        return "\n" + ip(at) + "addr add " + address + "/30 dev " + end(to) + "\n" + ip(at) + "link set " + end(to)
                + " up";
    }

    /** The address of a host at its end of the wire from another. */
    public String address(String host, String from) {
        return Objects.requireNonNull(addresses.get(host + " " + from), "no wire from " + from + " to " + host);
    }

    /** Lets so many Mbit/s pass a wire, each way; what exceeds them waits for 100 ms at most. */
    public void narrow(String one, String other, int mbits) {
        shell(narrowed(one, other, mbits) + "\n" + narrowed(other, one, mbits));
    }

    private String narrowed(String at, String to, int mbits) {
        return prefixed(at) + "tc qdisc add dev " + end(to) + " root tbf rate " + mbits
                + "mbit burst 32kb latency 100ms";
    }

    /** Makes a host forward whatever it can. */
    public void router(String name) {
        shell(forwarding(name, 1));
    }

    /**
     * Makes a host what stands between a home and the world: who is inside may call out, under the box's own address,
     * and nobody may call in.
     */
    public void natBox(String name, String inside) {
        shell(forwarding(name, 1));
        String home = "iifname \"" + end(inside) + "\" accept; ct state established,related accept;";
        nft(
                name,
                "table ip home {\n"
                        + "chain leaving { type nat hook postrouting priority srcnat; oifname != \"" + end(inside)
                        + "\" masquerade; }\n"
                        + "chain passing { type filter hook forward priority filter; policy drop; " + home + " }\n"
                        + "chain entering { type filter hook input priority filter; policy drop; " + home + " }\n}\n");
    }

    /** Sends all packets of a host for which it has no wire to a neighbour. */
    public void route(String host, String via) {
        shell(ip(host) + "route add default via " + address(via, host));
    }

    /** Loses every packet between two hosts. */
    public void cut(String one, String other) {
        lose(one, other, Loss.ALL);
        lose(other, one, Loss.ALL);
    }

    /** Loses every packet of one direction. */
    public void deafen(String from, String to) {
        lose(from, to, Loss.ALL);
    }

    /** Loses what would open a connection in one direction, as a firewall does. */
    public void refuseDials(String from, String to) {
        lose(from, to, Loss.DIALS);
    }

    private void lose(String from, String to, Loss loss) {
        losses.computeIfAbsent(to, host -> new TreeMap<>()).put(from, loss);
        obey(to);
    }

    /** Undoes every loss on every wire. */
    public void heal() {
        losses.forEach((host, from) -> from.clear());
        losses.keySet().forEach(this::obey);
    }

    /** One change of all rules of a host, so that there is no moment between. */
    private void obey(String host) {
        String rules = losses.getOrDefault(host, new TreeMap<>()).entrySet().stream()
                .map(loss -> "iifname \"" + end(loss.getKey()) + "\" " + loss.getValue().rule + "\n")
                .collect(Collectors.joining());
        String chain = "chain arriving {\ntype filter hook prerouting priority raw;\n";
        nft(
                host,
                "table ip wires {\n" + chain + "}\n}\nflush chain ip wires arriving\ntable ip wires {\n" + chain + rules
                        + "}\n}\n");
    }

    /** What to put before a command so that it runs on this host. */
    public List<String> prefix(String host) {
        return host.equals(HERE) ? List.of() : List.of("ip", "netns", "exec", namespace(host));
    }

    /** True when a packet from one host reaches an address; the proof that a shape is what it says. */
    public boolean reaches(String from, String address) {
        List<String> ping = new ArrayList<>(prefix(from));
        ping.addAll(List.of("ping", "-c", "1", "-W", "1", address));
        return CommandLine.run(Duration.ofSeconds(5), ping).ok();
    }

    /** True when a connection from one host to a port can be opened; soon, or not at all. */
    public boolean opens(String from, String address, int port) {
        List<String> dial = new ArrayList<>(prefix(from));
        dial.addAll(List.of("timeout", "2", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port));
        return CommandLine.run(Duration.ofSeconds(5), dial).ok();
    }

    /** Whether this process sees no network but loopback and wires of its own. */
    public static boolean isAlone() {
        return CommandLine.must("ip", "-o", "link", "show")
                .lines()
                .allMatch(line -> line.contains(" lo:") || line.contains(" to-"));
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

    private String forwarding(String name, int on) {
        return prefixed(name) + "sh -c 'echo " + on + " > /proc/sys/net/ipv4/ip_forward'";
    }

    private String namespace(String name) {
        return tag + name;
    }

    private static String end(String to) {
        return "to-" + to;
    }

    private String ip(String host) {
        return host.equals(HERE) ? "ip " : "ip -n " + namespace(host) + " ";
    }

    private String prefixed(String host) {
        return String.join(" ", prefix(host)) + " ";
    }

    private void nft(String host, String rules) {
        List<String> command = new ArrayList<>(prefix(host));
        command.addAll(List.of("nft", "-f", "-"));
        CommandLine.run(LIMIT, command, rules).orThrow(command);
    }

    private static void shell(String script) {
        List<String> command = List.of("sh", "-e", "-s");
        CommandLine.run(LIMIT, command, script + "\n").orThrow(List.of(script));
    }

    @Override
    public void close() {
        // A wire outlives its host for a moment, and the next of that name could not be made.
        endsHere.forEach(end -> CommandLine.run(LIMIT, List.of("ip", "link", "delete", end)));
        names.forEach(name -> CommandLine.run(LIMIT, List.of("ip", "netns", "delete", namespace(name))));
        endsHere.clear();
        names.clear();
    }
}
