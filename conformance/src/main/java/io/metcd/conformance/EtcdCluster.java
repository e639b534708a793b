package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Three members of a real etcd on loopback, named a, b and c, their data in memory and without fsync. */
public final class EtcdCluster implements AutoCloseable {
    private final List<Member> members = new ArrayList<>();
    private final List<String> endpoints = new ArrayList<>();
    private final Path data;

    private EtcdCluster(Path data) {
        this.data = data;
    }

    /** Starts the {@code etcd} of this name or path and returns when each member is healthy. */
    public static EtcdCluster start(String binary) {
        try {
            Path memory = Files.isDirectory(Path.of("/dev/shm")) ? Path.of("/dev/shm") : Path.of("target");
            EtcdCluster cluster = new EtcdCluster(Files.createTempDirectory(memory, "metcd-etcd"));
            List<Integer> peerPorts =
                    LineCluster.NAMES.stream().map(name -> Ports.free()).collect(Collectors.toList());
            String initial = LineCluster.NAMES.stream()
                    .map(name -> name + "=http://127.0.0.1:" + peerPorts.get(LineCluster.NAMES.indexOf(name)))
                    .collect(Collectors.joining(","));
            for (String name : LineCluster.NAMES) {
                cluster.start(binary, name, peerPorts.get(LineCluster.NAMES.indexOf(name)), initial);
            }
            cluster.endpoints.forEach(endpoint -> Health.await(endpoint, Duration.ofSeconds(30)));
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first line of {@code etcd --version}, or nothing when there is no such binary. */
    public static Optional<String> version(String binary) {
        CommandLine.Result which = CommandLine.run(Duration.ofSeconds(5), List.of("sh", "-c", "command -v " + binary));
        return which.ok() ? CommandLine.must(binary, "--version").lines().findFirst() : Optional.empty();
    }

    private void start(String binary, String name, int peerPort, String initial) {
        int port = Ports.free();
        List<String> command = new ArrayList<>(List.of(binary, "--name", name));
        command.addAll(List.of("--data-dir", data.resolve(name).toString(), "--log-level", "warn"));
        command.addAll(List.of("--listen-client-urls", "http://127.0.0.1:" + port));
        command.addAll(List.of("--advertise-client-urls", "http://127.0.0.1:" + port));
        command.addAll(List.of("--listen-peer-urls", "http://127.0.0.1:" + peerPort));
        command.addAll(List.of("--initial-advertise-peer-urls", "http://127.0.0.1:" + peerPort));
        command.addAll(List.of("--initial-cluster", initial, "--initial-cluster-token", "conformance"));
        CommandLine.Result help = CommandLine.run(Duration.ofSeconds(5), List.of(binary, "--help"));
        if ((help.out() + help.err()).contains("--unsafe-no-fsync")) {
            command.add("--unsafe-no-fsync");
        }
        members.add(Member.start("etcd-" + name, command));
        endpoints.add("127.0.0.1:" + port);
    }

    public List<Member> members() {
        return List.copyOf(members);
    }

    public String endpoint(String name) {
        return endpoints.get(LineCluster.NAMES.indexOf(name));
    }

    @Override
    public void close() {
        members.forEach(Member::close);
        try (var files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
