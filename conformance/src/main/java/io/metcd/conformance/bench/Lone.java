package io.metcd.conformance.bench;

import io.metcd.conformance.CommandLine;
import io.metcd.conformance.DurableCluster;
import io.metcd.conformance.Etcdctl;
import io.metcd.conformance.Keys;
import io.metcd.conformance.Member;
import io.metcd.conformance.Ports;
import io.metcd.conformance.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One member that is its whole cluster and keeps nothing on a disk: open to everybody, or guarded. */
record Lone(String system, Member member, Load.Target target, Etcdctl root, Path data) {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String ROOT = "root:sesame";
    private static final String USER = "bench";
    private static final String PASSWORD = "open";
    private static final Pattern TOKEN = Pattern.compile("\"token\": ?\"([^\"]+)\"");

    /** What stands between a client and the data. */
    enum Guard {
        OPEN(false, false),
        TLS(true, false),
        AUTH(false, true),
        TLS_AUTH(true, true);

        private final boolean encrypted;
        private final boolean users;

        Guard(boolean encrypted, boolean users) {
            this.encrypted = encrypted;
            this.users = users;
        }
    }

    /** Ready to be asked, by a user with a role where there are users; started as operators do. */
    static Lone metcd(Guard guard, Keys keys) {
        String launcher = Member.jar().resolve("../../../metcd").normalize().toString();
        return start("metcd", guard, keys, List.of(launcher, "serve", "--ephemeral"));
    }

    /** The same of the etcd of this name or path, without syncs. */
    static Lone etcd(String binary, Guard guard, Keys keys) {
        return start("etcd", guard, keys, List.of(binary, "--unsafe-no-fsync", "--log-level", "warn"));
    }

    /** Forgets what was overwritten: a member that has all of a long load in memory is busy with that. */
    void compact() {
        String revision = root.must("endpoint", "status", "-w", "fields")
                .lines()
                .filter(line -> line.startsWith("\"Revision\" :"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(system + " tells no revision"));
        root.must("compact", revision);
    }

    void close() {
        member.close();
        DurableCluster.delete(data);
    }

    private static Lone start(String system, Guard guard, Keys keys, List<String> program) {
        String url = (guard.encrypted ? "https" : "http") + "://127.0.0.1:" + Ports.free();
        String peer = "http://127.0.0.1:" + Ports.free();
        Path data = directory();
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of("--name", "lone", "--bcrypt-cost", "4"));
        command.addAll(List.of("--listen-client-urls", url, "--advertise-client-urls", url));
        command.addAll(List.of("--listen-peer-urls", peer));
        if (system.equals("etcd")) {
            command.addAll(List.of("--data-dir", data.toString(), "--initial-advertise-peer-urls", peer));
            command.addAll(List.of("--initial-cluster", "lone=" + peer));
        }
        if (guard.encrypted) {
            command.addAll(List.of("--cert-file", keys.file("server"), "--key-file", keys.file("server-key")));
        }
        Member member = Member.start(system, command);
        try {
            List<String> trust = guard.encrypted ? List.of("--cacert", keys.file("ca")) : List.of();
            Etcdctl client = new Etcdctl(List.of(), url, trust);
            Waiting.until(
                    system + " serves",
                    START_LIMIT,
                    member::said,
                    () -> client.run("--command-timeout=2s", "get", "k").ok());
            List<String> headers = guard.users ? List.of("authorization: " + token(client, url, trust)) : List.of();
            Etcdctl root = guard.users ? client.as(ROOT) : client;
            return new Lone(system, member, new Load.Target(url, headers), root, data);
        } catch (RuntimeException e) {
            member.close();
            DurableCluster.delete(data);
            throw e;
        }
    }

    /** Gives the keys of the load to a user, and logs in as that one. */
    private static String token(Etcdctl root, String url, List<String> trust) {
        root.must("user", "add", ROOT);
        root.must("user", "grant-role", "root", "root");
        root.must("role", "add", USER);
        root.must("role", "grant-permission", USER, "readwrite", Load.KEY);
        root.must("user", "add", USER + ":" + PASSWORD);
        root.must("user", "grant-role", USER, USER);
        root.must("auth", "enable");
        if (root.run("get", Load.KEY).ok()) {
            throw new IllegalStateException("who says no name is served all the same");
        }
        List<String> login = new ArrayList<>(List.of("curl", "-s", "--max-time", "20"));
        login.addAll(trust);
        login.addAll(List.of("-d", "{\"name\":\"" + USER + "\",\"password\":\"" + PASSWORD + "\"}"));
        login.add(url + "/v3/auth/authenticate");
        String answer = CommandLine.must(login.toArray(String[]::new));
        Matcher matcher = TOKEN.matcher(answer);
        if (!matcher.find()) {
            throw new IllegalStateException("no token: " + answer);
        }
        return matcher.group(1);
    }

    private static Path directory() {
        Path memory = Path.of("/dev/shm");
        try {
            return Files.createTempDirectory(Files.isDirectory(memory) ? memory : Path.of("target"), "metcd-lone");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
