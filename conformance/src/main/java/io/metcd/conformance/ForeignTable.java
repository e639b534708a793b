package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients that others wrote in other languages, one after the other against the same durable members
 * (contract: client.5, client.6).
 */
final class ForeignTable {
    private static final Path SCRIPTS = Path.of("conformance", "clients");
    private static final Path INSTALLED = Path.of("target", "clients");

    /** etcd's own, which is there where a Go is to build it. */
    static final String GO = "Go clientv3";

    private ForeignTable() {}

    /** Plays every client's script; {@code ./dev} has installed the clients. */
    static List<Findings> play(Product product) {
        List<Findings> report = new ArrayList<>();
        try (DurableCluster cluster = DurableCluster.start(product, LineCluster.NAMES)) {
            for (ForeignClient client : clients()) {
                report.add(client.play(cluster));
            }
        }
        return report;
    }

    private static List<ForeignClient> clients() {
        List<ForeignClient> clients = new ArrayList<>(List.of(
                new ForeignClient("python3-etcd3", List.of("/usr/bin/python3", script("python3-etcd3/client.py"))),
                new ForeignClient("npm etcd3", List.of("node", installed("npm-etcd3/client.js"))),
                new ForeignClient("etcd-java", java("etcd-java", "EtcdJava.java")),
                new ForeignClient("jetcd", java("jetcd", "Jetcd.java"))));
        String go = installed("go-clientv3/client");
        if (Files.isExecutable(Path.of(go))) {
            clients.add(new ForeignClient(GO, List.of(go)));
        }
        return clients;
    }

    /** One source file, on the class path that {@code ./dev} has left for it. */
    private static List<String> java(String client, String source) {
        try {
            String libraries =
                    Files.readString(Path.of(installed(client + "/classpath"))).strip();
            String java =
                    Path.of(System.getProperty("java.home"), "bin", "java").toString();
            return List.of(java, "-XX:+UseSerialGC", "-cp", libraries, script(client + "/" + source));
        } catch (IOException e) {
            throw new UncheckedIOException("./dev conformance installs the clients", e);
        }
    }

    private static String script(String name) {
        return SCRIPTS.resolve(name).toString();
    }

    private static String installed(String name) {
        return INSTALLED.resolve(name).toString();
    }
}
