package io.metcd.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One member whose client port speaks TLS and demands certificates, seen by etcdctl and curl with theirs. */
final class TlsTable {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration DAY = Duration.ofDays(1);
    /** Long enough for a few calls of etcdctl, each a process. */
    private static final Duration BRIEF = Duration.ofSeconds(10);

    private final Keys keys;
    private final String url;
    private final Etcdctl alice;
    private final List<String> curl;
    private final Map<String, Runnable> rows = new LinkedHashMap<>();

    private TlsTable(Keys keys, int port) {
        this.keys = keys;
        this.url = "https://127.0.0.1:" + port;
        this.alice = as("alice");
        this.curl = List.of("--cacert", keys.file("ca"), "--cert", keys.file("alice"), "--key", keys.file("alice-key"));
        rows.put("etcdctl: put, get, watch", this::etcdctl);
        rows.put("etcdctl without a certificate", this::strangers);
        rows.put("curl by HTTP/1.1: put, range", () -> json("--http1.1", "1.1"));
        rows.put("curl by HTTP/2: put, range", () -> json("--http2", "2"));
        rows.put("curl: health, metrics", this::pages);
        rows.put("a renewed certificate, unstarted", this::renewal);
        rows.put("the server's certificate expires", this::serverExpires);
        rows.put("a client's certificate expires", this::clientExpires);
        rows.put("users by their certificates", this::users);
    }

    static List<String> playMetcd() {
        return play(Member.quick(List.of(), List.of("serve")));
    }

    /** Of the program that takes etcd's flags. */
    static List<String> play(List<String> program) {
        int port = Ports.free();
        String peer = "http://127.0.0.1:" + Ports.free();
        try (Keys keys = Keys.make()) {
            Path data = Files.createTempDirectory("metcd-tls");
            List<String> command = new ArrayList<>(program);
            command.addAll(
                    List.of("--name", "a", "--data-dir", data.resolve("a.etcd").toString()));
            command.addAll(List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
            command.addAll(List.of("--initial-cluster", "a=" + peer));
            command.addAll(List.of("--listen-client-urls", "https://127.0.0.1:" + port));
            command.addAll(List.of("--advertise-client-urls", "https://127.0.0.1:" + port));
            command.addAll(List.of("--cert-file", keys.file("server"), "--key-file", keys.file("server-key")));
            command.addAll(List.of("--trusted-ca-file", keys.file("ca"), "--client-cert-auth"));
            try (Member member = Member.start("tls", command)) {
                member.awaitOutput("ready to serve client requests", LineCluster.READY_LIMIT);
                return new TlsTable(keys, port).play();
            } finally {
                CommandLine.must("rm", "-r", data.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> play() {
        List<String> report = new ArrayList<>();
        rows.forEach((name, row) -> {
            row.run();
            report.add(String.format("%-34s  ok", name));
        });
        return report;
    }

    private void etcdctl() {
        check(alice.must("put", "k", "v").equals("OK"), "put");
        check(alice.must("get", "k").equals("k\nv"), "get");
        check(alice.run("endpoint", "health").ok(), "endpoint health");
        check(alice.must("member", "list").contains(url), "the member's URL is the one of TLS");
        try (Member watcher = Member.start("watch-tls", alice.command("watch", "--rev=1", "k"))) {
            watcher.awaitOutput("PUT\nk\nv", SOON);
            alice.must("del", "k");
            watcher.awaitOutput("DELETE\nk", SOON);
        }
    }

    private void strangers() {
        List<Etcdctl> strangers = List.of(
                client(url, "--cacert", keys.file("ca")),
                client(url, "--cert", keys.file("alice"), "--key", keys.file("alice-key")),
                client(url.replace("https", "http")));
        for (Etcdctl stranger : strangers) {
            CommandLine.Result result = stranger.run("--command-timeout=2s", "get", "k");
            check(!result.ok() && result.out().isEmpty(), "refused: " + result);
        }
    }

    private void json(String flag, String version) {
        String key = "{\"key\":\"dGxz\",\"value\":\"djE=\"}";
        String put = curl(flag, "-w", " by %{http_version}", "-d", key, url + "/v3/kv/put");
        check(put.contains("\"revision\":\"") && put.endsWith(" by " + version), "put: " + put);
        String range = curl(flag, "-d", "{\"key\":\"dGxz\"}", url + "/v3/kv/range");
        check(range.contains("\"value\":\"djE=\""), "range: " + range);
    }

    private void pages() {
        check(curl(url + "/health").contains("\"health\":\"true\""), "health");
        check(curl(url + "/metrics").contains("\netcd_server_has_leader 1\n"), "metrics");
        CommandLine.Result stranger = CommandLine.run(
                SOON, List.of("curl", "-s", "--max-time", "5", "--cacert", keys.file("ca"), url + "/health"));
        check(!stranger.ok() && stranger.out().isEmpty(), "no page without a certificate: " + stranger);
    }

    private void renewal() {
        check(shown().equals(keys.serial("server")), "the server shows its certificate");
        String before = shown();
        keys.renewServer();
        check(shown().equals(keys.serial("server")) && !shown().equals(before), "the renewed one is shown");
        check(alice.must("put", "k", "renewed").equals("OK"), "put");
    }

    /** Who is connected goes on, who comes refuses it, until it is renewed; no restart. */
    private void serverExpires() {
        alice.must("put", "expiring", "before");
        try (Member watcher = watcher(alice)) {
            keys.renewServer(BRIEF);
            check(shown().equals(keys.serial("server")), "the brief one is shown");
            awaitRefusal(alice);
            as("alice", "--insecure-skip-tls-verify").must("put", "expiring", "expired");
            watcher.awaitOutput("expired", SOON);
            keys.renewServer();
            alice.must("put", "expiring", "renewed");
            watcher.awaitOutput("renewed", SOON);
        }
    }

    /** Who is connected goes on; by that certificate nobody comes any more. */
    private void clientExpires() {
        keys.issueClient("brief", BRIEF);
        Etcdctl brief = as("brief");
        alice.must("put", "expiring", "before");
        try (Member watcher = watcher(brief)) {
            awaitRefusal(brief);
            alice.must("put", "expiring", "expired");
            watcher.awaitOutput("expired", SOON);
        }
    }

    /** The name in a certificate is the user of etcdctl's calls; by JSON it is refused. */
    private void users() {
        keys.issueClient("root", DAY);
        Etcdctl root = as("root");
        for (String name : List.of("root", "alice")) {
            root.must("user", "add", name, "--no-password");
        }
        root.must("user", "grant-role", "root", "root");
        root.must("auth", "enable");
        denied(alice.run("put", "by-name/1", "early"));
        root.must("role", "add", "app");
        root.must("role", "grant-permission", "app", "readwrite", "by-name/", "--prefix");
        root.must("user", "grant-role", "alice", "app");
        check(alice.must("put", "by-name/1", "late").equals("OK"), "put by a name");
        check(alice.must("get", "by-name/1").equals("by-name/1\nlate"), "get by a name");
        denied(alice.run("get", "k"));
        keys.issueClient("nobody", DAY);
        denied(as("nobody").run("get", "by-name/1"));
        String refused = curl("-w", " %{http_code}", "-d", "{\"key\":\"Ynk=\"}", url + "/v3/kv/range");
        check(
                refused.equals("CommonName of client sending a request against gateway will be ignored and not used as"
                        + " expected\n 400"),
                "JSON: " + refused);
        check(curl(url + "/health").contains("\"health\":\"true\""), "health");
        root.must("auth", "disable");
    }

    private static void denied(CommandLine.Result result) {
        check(!result.ok() && result.err().contains("etcdserver: permission denied"), "denied: " + result);
    }

    private static Member watcher(Etcdctl client) {
        Member watcher = Member.start("watch-expiry", client.command("watch", "--rev=1", "expiring"));
        watcher.awaitOutput("before", SOON);
        return watcher;
    }

    private static void awaitRefusal(Etcdctl client) {
        check(client.run("get", "expiring").ok(), "served before it expires");
        Waiting.until(
                "refused when it has expired",
                BRIEF.plus(SOON),
                () -> "",
                () -> !client.run("--command-timeout=2s", "get", "expiring").ok());
    }

    /** The serial number of the certificate that the server shows. */
    private String shown() {
        String address = url.substring("https://".length());
        String ask = "openssl s_client -connect " + address + " </dev/null 2>/dev/null | openssl x509 -noout -serial";
        return CommandLine.must("sh", "-c", ask).strip();
    }

    private String curl(String... arguments) {
        List<String> command = new ArrayList<>(List.of("curl", "-s", "--max-time", "20"));
        command.addAll(curl);
        command.addAll(Arrays.asList(arguments));
        return CommandLine.must(command.toArray(String[]::new));
    }

    private Etcdctl as(String name, String... flags) {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--cacert", keys.file("ca")));
        all.addAll(List.of("--cert", keys.file(name), "--key", keys.file(name + "-key")));
        return new Etcdctl(List.of(), url, all);
    }

    private static Etcdctl client(String endpoint, String... flags) {
        return new Etcdctl(List.of(), endpoint, List.of(flags));
    }

    private static void check(boolean holds, String text) {
        if (!holds) {
            throw new IllegalStateException("does not hold: " + text);
        }
    }
}
