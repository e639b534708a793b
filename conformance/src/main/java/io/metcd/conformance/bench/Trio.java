package io.metcd.conformance.bench;

import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.EtcdCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Health;
import io.metcd.conformance.LineCluster;
import io.metcd.conformance.Member;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Product;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Three members of one system, up and healthy, and what the kernel says of their processes. */
record Trio(String system, List<Member> members, List<String> endpoints, Duration startup, AutoCloseable owner) {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Ephemeral members that all reach each other. */
    static Trio metcd() {
        Path password = LineCluster.passwordFile();
        List<Member> members = new ArrayList<>();
        List<String> endpoints = new ArrayList<>();
        List<Integer> meshPorts = List.of(Ports.free(), Ports.free(), Ports.free());
        long start = System.nanoTime();
        for (int i = 0; i < LineCluster.NAMES.size(); i++) {
            int port = Ports.free();
            String name = LineCluster.NAMES.get(i);
            List<String> arguments = new ArrayList<>(List.of("serve", "--ephemeral", "--name", name));
            arguments.addAll(List.of("--cluster", "bench", "--founders", String.join(",", LineCluster.NAMES)));
            arguments.addAll(List.of("--password-file", password.toString()));
            arguments.addAll(List.of("--listen-client-urls", "http://127.0.0.1:" + port));
            arguments.addAll(List.of("--advertise-client-urls", "http://127.0.0.1:" + port));
            arguments.addAll(List.of("--listen-peer-urls", "http://127.0.0.1:" + meshPorts.get(i)));
            arguments.addAll(List.of(
                    "--join", "127.0.0.1:" + meshPorts.get((i + 1) % 3) + ",127.0.0.1:" + meshPorts.get((i + 2) % 3)));
            members.add(Member.start(name, Member.metcd(List.of(), arguments.toArray(String[]::new))));
            endpoints.add("127.0.0.1:" + port);
        }
        AutoCloseable owner = () -> members.forEach(Member::close);
        try {
            endpoints.forEach(endpoint -> Health.await(endpoint, START_LIMIT));
        } catch (IllegalStateException e) {
            members.forEach(Member::close);
            throw new IllegalStateException(
                    e.getMessage() + "\n" + members.get(0).output(), e);
        }
        return new Trio("metcd", members, endpoints, Duration.ofNanos(System.nanoTime() - start), owner);
    }

    static Trio etcd(String binary) {
        long start = System.nanoTime();
        EtcdCluster cluster = EtcdCluster.start(binary);
        Duration startup = Duration.ofNanos(System.nanoTime() - start);
        List<String> endpoints =
                LineCluster.NAMES.stream().map(cluster::endpoint).toList();
        return new Trio("etcd", cluster.members(), endpoints, startup, cluster);
    }

    /** Members that sync every write to this disk, in directories side by side. */
    static Trio durable(Product product) {
        long start = System.nanoTime();
        DurableCluster cluster = DurableCluster.start(product, LineCluster.NAMES);
        Duration startup = Duration.ofNanos(System.nanoTime() - start);
        return new Trio(product.name(), cluster.members(), cluster.endpoints(), startup, cluster);
    }

    /** The endpoint of the member that leads now: the load goes there, in both systems. */
    String leader() {
        for (String endpoint : endpoints) {
            Etcdctl client = new Etcdctl(List.of(), endpoint);
            String leader = client.leader();
            if (!leader.equals("0") && leader.equals(client.memberId())) {
                return endpoint;
            }
        }
        throw new IllegalStateException(system + " has no leader now");
    }

    /** Changes that the store has seen, from the key's version: proof that answers to Puts were Puts. */
    long versionOfKey() {
        String out = new Etcdctl(List.of(), endpoints.get(0)).must("get", "-w", "fields", Load.KEY);
        return out.lines()
                .filter(line -> line.startsWith("\"Version\" :"))
                .map(line ->
                        Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                .findFirst()
                .orElse(0L);
    }

    /** CPU time that the three processes have used so far, in seconds. */
    double cpuSeconds() {
        return members.stream().mapToDouble(ProcessCost::cpuSeconds).sum();
    }

    /** Resident memory of the three processes together, in MiB. */
    double residentMebibytes() {
        return members.stream().mapToDouble(ProcessCost::residentMebibytes).sum();
    }

    void close() {
        try {
            owner.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot stop " + system, e);
        }
    }
}
