package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Three ephemeral members on one host: a and c listen for no peer and dial b alone, so that whatever a and c say to
 * each other is relayed by b.
 *
 * <pre>
 *     a ───► b ◄─── c
 * </pre>
 */
public final class LineCluster implements AutoCloseable {
    public static final Duration READY_LIMIT = Duration.ofSeconds(60);
    public static final List<String> NAMES = List.of("a", "b", "c");

    private final List<Member> members = new ArrayList<>();
    private final List<String> endpoints = new ArrayList<>();

    private LineCluster() {}

    /** Starts the three and returns when each has said that it serves. */
    public static LineCluster start() {
        LineCluster cluster = new LineCluster();
        try {
            Path password = passwordFile();
            int hub = Ports.free();
            for (String name : NAMES) {
                cluster.start(name, hub, password);
            }
            for (Member member : cluster.members) {
                member.awaitOutput("ready to serve client requests", READY_LIMIT);
            }
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void start(String name, int hub, Path password) {
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(List.of(
                "serve",
                "--ephemeral",
                "--name",
                name,
                "--cluster",
                "conformance",
                "--founders",
                String.join(",", NAMES),
                "--password-file",
                password.toString(),
                "--listen-client-urls",
                "http://127.0.0.1:" + port,
                "--advertise-client-urls",
                "http://127.0.0.1:" + port));
        if (name.equals("b")) {
            arguments.addAll(List.of("--listen-peer-urls", "http://127.0.0.1:" + hub));
        } else {
            arguments.addAll(List.of("--no-mesh-listen", "--join", "127.0.0.1:" + hub));
        }
        members.add(Member.start(name, Member.quick(List.of(), arguments)));
        endpoints.add("127.0.0.1:" + port);
    }

    /** A file with a fresh group key, as {@code metcd password gen} prints it. */
    public static Path passwordFile() {
        try {
            List<String> generate = Member.quick(List.of(), List.of("password", "gen"));
            String key = CommandLine.run(Duration.ofSeconds(30), generate).orThrow(generate);
            Path file = Files.createTempFile("metcd-conformance", ".key");
            file.toFile().deleteOnExit();
            return Files.writeString(file, key.strip() + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Member member(String name) {
        return members.get(NAMES.indexOf(name));
    }

    /** host:port of the member's client port. */
    public String endpoint(String name) {
        return endpoints.get(NAMES.indexOf(name));
    }

    @Override
    public void close() {
        members.forEach(Member::close);
    }
}
